//! What the named letters, accents and symbols of TeX look like.

/// The combining character of an accent.
pub(super) fn accent(name: &str) -> Option<char> {
    Some(match name {
        "`" | "grave" => '\u{300}',
        "'" | "acute" => '\u{301}',
        "^" | "hat" => '\u{302}',
        "~" | "tilde" => '\u{303}',
        "=" | "bar" => '\u{304}',
        "u" | "breve" => '\u{306}',
        "." | "dot" => '\u{307}',
        "\"" | "ddot" => '\u{308}',
        "r" | "mathring" => '\u{30a}',
        "H" => '\u{30b}',
        "v" | "check" => '\u{30c}',
        "vec" => '\u{20d7}',
        "d" => '\u{323}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "b" => '\u{331}',
        _ => return None,
    })
}

/// Letters that no accent makes.
pub(super) fn letter(name: &str) -> Option<&'static str> {
    Some(match name {
        "o" => "ø",
        "O" => "Ø",
        "l" => "ł",
        "L" => "Ł",
        "ss" => "ß",
        "SS" => "ẞ",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "aa" => "å",
        "AA" => "Å",
        "i" | "imath" => "ı",
        "j" | "jmath" => "ȷ",
        "dh" => "ð",
        "DH" => "Ð",
        "dj" => "đ",
        "DJ" => "Đ",
        "th" => "þ",
        "TH" => "Þ",
        "ng" => "ŋ",
        "NG" => "Ŋ",
        _ => return None,
    })
}

/// Symbols by name.
pub(super) fn symbol(name: &str) -> Option<&'static str> {
    let found = SYMBOLS.binary_search_by_key(&name, |(known, _)| known).ok()?;
    SYMBOLS.get(found).map(|(_, written)| *written)
}

/// The letter raised, where there is such.
pub(super) fn superscript(c: char) -> Option<char> {
    paired(c, "0123456789+-=()niT*†′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ*†′")
}

/// The letter lowered, where there is such.
pub(super) fn subscript(c: char) -> Option<char> {
    paired(c, "0123456789+-=()ijnkmpt", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ᵢⱼₙₖₘₚₜ")
}

fn paired(c: char, from: &str, to: &str) -> Option<char> {
    from.chars().zip(to.chars()).find(|(known, _)| *known == c).map(|(_, other)| other)
}

/// Sorted by name.
#[rustfmt::skip]
const SYMBOLS: [(&str, &str); 175] = [
    ("Box", "□"), ("Delta", "Δ"), ("Gamma", "Γ"), ("LaTeX", "LaTeX"), ("Lambda", "Λ"), ("Leftarrow", "⇐"),
    ("Leftrightarrow", "⇔"), ("Omega", "Ω"), ("P", "¶"), ("Phi", "Φ"), ("Pi", "Π"), ("Psi", "Ψ"),
    ("Rightarrow", "⇒"), ("S", "§"), ("Sigma", "Σ"), ("TeX", "TeX"), ("Theta", "Θ"), ("Upsilon", "Υ"),
    ("Vert", "‖"), ("Xi", "Ξ"), ("aleph", "ℵ"), ("alpha", "α"), ("angle", "∠"), ("approx", "≈"), ("ast", "*"),
    ("backslash", "\\"), ("beta", "β"), ("bot", "⊥"), ("bullet", "•"), ("cap", "∩"), ("cdot", "·"), ("cdots", "⋯"),
    ("checkmark", "✓"), ("chi", "χ"), ("circ", "∘"), ("colon", ":"), ("cong", "≅"), ("copyright", "©"),
    ("cup", "∪"), ("dagger", "†"), ("ddagger", "‡"), ("degree", "°"), ("delta", "δ"), ("div", "÷"), ("dots", "…"),
    ("downarrow", "↓"), ("ell", "ℓ"), ("emptyset", "∅"), ("epsilon", "ϵ"), ("equiv", "≡"), ("eta", "η"),
    ("euro", "€"), ("exists", "∃"), ("flat", "♭"), ("forall", "∀"), ("gamma", "γ"), ("ge", "≥"), ("geq", "≥"),
    ("geqslant", "≥"), ("gg", "≫"), ("gt", ">"), ("gtrsim", "≳"), ("hbar", "ℏ"), ("hookrightarrow", "↪"),
    ("iff", "⇔"), ("implies", "⇒"), ("in", "∈"), ("infty", "∞"), ("int", "∫"), ("iota", "ι"), ("kappa", "κ"),
    ("lambda", "λ"), ("land", "∧"), ("langle", "⟨"), ("lbrace", "{"), ("lbrack", "["), ("lceil", "⌈"),
    ("ldots", "…"), ("le", "≤"), ("leftarrow", "←"), ("leftrightarrow", "↔"), ("leq", "≤"), ("leqslant", "≤"),
    ("lesssim", "≲"), ("lfloor", "⌊"), ("ll", "≪"), ("lnot", "¬"), ("longrightarrow", "⟶"), ("lor", "∨"),
    ("lt", "<"), ("mapsto", "↦"), ("micro", "µ"), ("mid", "|"), ("models", "⊨"), ("mp", "∓"), ("mu", "μ"),
    ("nabla", "∇"), ("ne", "≠"), ("neg", "¬"), ("neq", "≠"), ("ni", "∋"), ("notin", "∉"), ("nu", "ν"),
    ("odot", "⊙"), ("oint", "∮"), ("omega", "ω"), ("oplus", "⊕"), ("otimes", "⊗"), ("parallel", "∥"),
    ("partial", "∂"), ("perp", "⊥"), ("phi", "ϕ"), ("pi", "π"), ("pm", "±"), ("pounds", "£"), ("prec", "≺"),
    ("prime", "′"), ("prod", "∏"), ("propto", "∝"), ("psi", "ψ"), ("rangle", "⟩"), ("rbrace", "}"), ("rbrack", "]"),
    ("rceil", "⌉"), ("rfloor", "⌋"), ("rho", "ρ"), ("rightarrow", "→"), ("setminus", "∖"), ("sharp", "♯"),
    ("sigma", "σ"), ("sim", "~"), ("simeq", "≃"), ("slash", "/"), ("square", "□"), ("star", "⋆"), ("subset", "⊂"),
    ("subseteq", "⊆"), ("succ", "≻"), ("sum", "∑"), ("supset", "⊃"), ("supseteq", "⊇"), ("tau", "τ"),
    ("textasciitilde", "~"), ("textbackslash", "\\"), ("textdegree", "°"), ("textemdash", "—"), ("textendash", "–"),
    ("texteuro", "€"), ("textmu", "µ"), ("textquoteleft", "‘"), ("textquoteright", "’"), ("textregistered", "®"),
    ("texttrademark", "™"), ("theta", "θ"), ("times", "×"), ("to", "→"), ("top", "⊤"), ("triangle", "△"),
    ("uparrow", "↑"), ("upsilon", "υ"), ("varepsilon", "ε"), ("varnothing", "∅"), ("varphi", "φ"), ("varpi", "ϖ"),
    ("varrho", "ϱ"), ("varsigma", "ς"), ("vartheta", "ϑ"), ("vdash", "⊢"), ("vdots", "⋮"), ("vee", "∨"),
    ("vert", "|"), ("wedge", "∧"), ("xi", "ξ"), ("zeta", "ζ"), ("|", "‖"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_found() {
        assert!(SYMBOLS.is_sorted_by(|a, b| a.0 < b.0));
        for (name, written) in SYMBOLS {
            assert_eq!(symbol(name), Some(written), "{name}");
        }
        assert_eq!(symbol("nosuch"), None);
    }
}
