//! What the commands of TeX stand for.

/// The combining mark of an accent command, for `\"o`, `\v{c}` and the like.
pub(super) fn accent(command: &str) -> Option<char> {
    Some(match command {
        "\"" => '\u{308}',
        "'" => '\u{301}',
        "`" => '\u{300}',
        "^" => '\u{302}',
        "~" => '\u{303}',
        "=" => '\u{304}',
        "." => '\u{307}',
        "c" => '\u{327}',
        "k" => '\u{328}',
        "v" => '\u{30c}',
        "u" => '\u{306}',
        "H" => '\u{30b}',
        "r" => '\u{30a}',
        "d" => '\u{323}',
        "b" => '\u{331}',
        "t" => '\u{361}',
        "h" => '\u{309}',
        "G" => '\u{30f}',
        "U" => '\u{30e}',
        _ => return None,
    })
}

/// The combining mark of an accent command of mathematics.
pub(super) fn math_accent(command: &str) -> Option<char> {
    Some(match command {
        "hat" => '\u{302}',
        "tilde" => '\u{303}',
        "bar" => '\u{304}',
        "dot" => '\u{307}',
        "ddot" => '\u{308}',
        "vec" => '\u{20d7}',
        "acute" => '\u{301}',
        "grave" => '\u{300}',
        "check" => '\u{30c}',
        "breve" => '\u{306}',
        _ => return None,
    })
}

/// Commands whose argument is no part of the text.
pub(super) fn drops_argument(command: &str) -> bool {
    matches!(
        command,
        "footnote"
            | "thanks"
            | "cite"
            | "citep"
            | "citet"
            | "autocite"
            | "label"
            | "ref"
            | "vphantom"
            | "phantom"
            | "hphantom"
            | "hspace"
            | "vspace"
            | "color"
            | "noopsort"
            | "NoopSort"
            | "noop"
            | "SortNoop"
            | "textcolor"
            | "fontsize"
            | "index"
    )
}

/// Commands that only change how what follows looks: nothing stands for them.
pub(super) fn is_switch(command: &str) -> bool {
    matches!(
        command,
        "it" | "bf"
            | "em"
            | "sc"
            | "rm"
            | "tt"
            | "sf"
            | "sl"
            | "bfseries"
            | "itshape"
            | "slshape"
            | "scshape"
            | "upshape"
            | "mdseries"
            | "rmfamily"
            | "sffamily"
            | "ttfamily"
            | "normalfont"
            | "small"
            | "large"
            | "Large"
            | "tiny"
            | "footnotesize"
            | "scriptsize"
            | "normalsize"
            | "displaystyle"
            | "textstyle"
            | "limits"
            | "nolimits"
            | "left"
            | "right"
            | "big"
            | "Big"
            | "bigg"
            | "Bigg"
            | "bigl"
            | "bigr"
            | "Bigl"
            | "Bigr"
            | "relax"
            | "protect"
            | "noindent"
            | "nobreak"
            | "allowbreak"
            | "sloppy"
            | "unskip"
            | "ignorespaces"
            | "boldmath"
            | "unboldmath"
            | "bgroup"
            | "egroup"
            | "break"
            | "ensuremath"
            | "xspace"
            | "mathstrut"
            | "strut"
    )
}

/// The text of a command without argument, such as `\alpha` or `\ss`.
pub(super) fn symbol(command: &str) -> Option<&'static str> {
    letter(command).or_else(|| greek(command)).or_else(|| operator(command)).or_else(|| word(command))
}

/// Letters and marks of running text.
fn letter(command: &str) -> Option<&'static str> {
    Some(match command {
        "ss" => "ß",
        "SS" => "ẞ",
        "o" => "ø",
        "O" => "Ø",
        "l" => "ł",
        "L" => "Ł",
        "i" | "imath" => "ı",
        "j" | "jmath" => "ȷ",
        "aa" => "å",
        "AA" => "Å",
        "ae" => "æ",
        "AE" => "Æ",
        "oe" => "œ",
        "OE" => "Œ",
        "dh" => "ð",
        "DH" => "Ð",
        "th" => "þ",
        "TH" => "Þ",
        "dj" => "đ",
        "DJ" => "Đ",
        "ng" => "ŋ",
        "NG" => "Ŋ",
        "textendash" => "–",
        "textemdash" => "—",
        "textquoteleft" | "lq" | "grq" => "‘",
        "textquoteright" | "rq" => "’",
        "textquotedblleft" | "grqq" => "“",
        "textquotedblright" => "”",
        "textquotedbl" | "dq" => "\"",
        "quotedblbase" | "glqq" => "„",
        "quotesinglbase" | "glq" => "‚",
        "guillemotleft" | "flqq" => "«",
        "guillemotright" | "frqq" => "»",
        "guilsinglleft" => "‹",
        "guilsinglright" => "›",
        "textquotesingle" => "'",
        "textasciigrave" => "`",
        "textasciitilde" => "~",
        "textasciicircum" => "^",
        "textunderscore" => "_",
        "textbackslash" | "backslash" => "\\",
        "textbar" | "vert" | "mid" => "|",
        "textless" => "<",
        "textgreater" => ">",
        "textbraceleft" | "lbrace" => "{",
        "textbraceright" | "rbrace" => "}",
        "textdollar" => "$",
        "textexclamdown" => "¡",
        "textquestiondown" => "¿",
        "textellipsis" | "dots" | "ldots" | "cdots" | "dotsc" | "dotsb" => "…",
        "textperiodcentered" | "cdot" | "cdotp" => "·",
        "textbullet" | "bullet" => "•",
        "textdegree" | "degree" => "°",
        "textmu" | "micro" => "µ",
        "texttrademark" => "™",
        "textregistered" => "®",
        "textcopyright" | "copyright" => "©",
        "textordfeminine" => "ª",
        "textordmasculine" => "º",
        "textsection" | "S" => "§",
        "textparagraph" | "P" => "¶",
        "textsterling" | "pounds" => "£",
        "texteuro" | "euro" => "€",
        "textyen" => "¥",
        "dag" | "textdagger" | "dagger" => "†",
        "ddag" | "textdaggerdbl" | "ddagger" => "‡",
        "quad" | "qquad" | "space" | "enspace" | "thinspace" | "newline" | "linebreak" | "par" => " ",
        _ => return None,
    })
}

fn greek(command: &str) -> Option<&'static str> {
    let name = command.strip_prefix("text").unwrap_or(command);
    Some(match name {
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "delta" => "δ",
        "epsilon" | "varepsilon" => "ε",
        "zeta" => "ζ",
        "eta" => "η",
        "theta" | "vartheta" => "θ",
        "iota" => "ι",
        "kappa" => "κ",
        "lambda" => "λ",
        "mu" => "μ",
        "nu" => "ν",
        "xi" => "ξ",
        "pi" => "π",
        "rho" | "varrho" => "ρ",
        "sigma" => "σ",
        "varsigma" => "ς",
        "tau" => "τ",
        "upsilon" => "υ",
        "phi" | "varphi" => "φ",
        "chi" => "χ",
        "psi" => "ψ",
        "omega" => "ω",
        "Gamma" => "Γ",
        "Delta" => "Δ",
        "Theta" => "Θ",
        "Lambda" => "Λ",
        "Xi" => "Ξ",
        "Pi" => "Π",
        "Sigma" => "Σ",
        "Upsilon" => "Υ",
        "Phi" => "Φ",
        "Psi" => "Ψ",
        "Omega" => "Ω",
        _ => return None,
    })
}

fn operator(command: &str) -> Option<&'static str> {
    Some(match command {
        "times" | "texttimes" => "×",
        "div" => "÷",
        "pm" | "textpm" => "±",
        "mp" => "∓",
        "ast" => "*",
        "star" => "⋆",
        "circ" => "∘",
        "leq" | "le" | "leqslant" => "≤",
        "geq" | "ge" | "geqslant" => "≥",
        "neq" | "ne" => "≠",
        "ll" => "≪",
        "gg" => "≫",
        "lt" => "<",
        "gt" => ">",
        "approx" => "≈",
        "sim" | "textasciimacron" => "∼",
        "simeq" => "≃",
        "cong" => "≅",
        "equiv" => "≡",
        "propto" => "∝",
        "infty" => "∞",
        "partial" => "∂",
        "nabla" => "∇",
        "sum" => "∑",
        "prod" => "∏",
        "int" => "∫",
        "in" => "∈",
        "notin" => "∉",
        "subset" => "⊂",
        "subseteq" => "⊆",
        "supset" => "⊃",
        "supseteq" => "⊇",
        "cup" => "∪",
        "cap" => "∩",
        "emptyset" | "varnothing" => "∅",
        "setminus" => "∖",
        "forall" => "∀",
        "exists" => "∃",
        "neg" | "lnot" => "¬",
        "wedge" | "land" => "∧",
        "vee" | "lor" => "∨",
        "oplus" => "⊕",
        "otimes" => "⊗",
        "top" => "⊤",
        "bot" | "perp" => "⊥",
        "to" | "rightarrow" | "longrightarrow" | "textrightarrow" => "→",
        "leftarrow" | "gets" | "textleftarrow" => "←",
        "leftrightarrow" => "↔",
        "Rightarrow" | "implies" => "⇒",
        "Leftarrow" => "⇐",
        "Leftrightarrow" | "iff" => "⇔",
        "mapsto" => "↦",
        "uparrow" => "↑",
        "downarrow" => "↓",
        "langle" => "⟨",
        "rangle" => "⟩",
        "lfloor" => "⌊",
        "rfloor" => "⌋",
        "lceil" => "⌈",
        "rceil" => "⌉",
        "Vert" | "parallel" | "lVert" | "rVert" => "‖",
        "lvert" | "rvert" => "|",
        "ell" => "ℓ",
        "hbar" => "ℏ",
        "Re" => "ℜ",
        "Im" => "ℑ",
        "aleph" => "ℵ",
        "prime" => "′",
        "models" | "vDash" => "⊨",
        "vdash" => "⊢",
        "square" | "Box" => "□",
        "checkmark" => "✓",
        "odot" | "sun" => "☉",
        _ => return None,
    })
}

/// Logos, and the journals that the Astrophysics Data System writes as commands.
fn word(command: &str) -> Option<&'static str> {
    Some(match command {
        "TeX" => "TeX",
        "LaTeX" => "LaTeX",
        "LaTeXe" => "LaTeX2ε",
        "BibTeX" => "BibTeX",
        "XeTeX" => "XeTeX",
        "aj" => "The Astronomical Journal",
        "apj" => "The Astrophysical Journal",
        "apjl" => "The Astrophysical Journal Letters",
        "apjs" => "The Astrophysical Journal Supplement Series",
        "aap" => "Astronomy & Astrophysics",
        "araa" => "Annual Review of Astronomy and Astrophysics",
        "icarus" => "Icarus",
        "jcap" => "Journal of Cosmology and Astroparticle Physics",
        "mnras" => "Monthly Notices of the Royal Astronomical Society",
        "nat" => "Nature",
        "pasp" => "Publications of the Astronomical Society of the Pacific",
        "physrep" => "Physics Reports",
        "prd" => "Physical Review D",
        "prl" => "Physical Review Letters",
        "ssr" => "Space Science Reviews",
        _ => return None,
    })
}

/// The character in superscript, where there is a common one.
pub(super) fn superscript(c: char) -> Option<char> {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    match c {
        '+' => Some('⁺'),
        '-' | '−' => Some('⁻'),
        'n' => Some('ⁿ'),
        'i' => Some('ⁱ'),
        '∘' => Some('°'),
        '′' | '*' | '†' | '⋆' => Some(c),
        _ => DIGITS.get(usize::try_from(c.to_digit(10)?).ok()?).copied(),
    }
}

/// The character in subscript, where there is a common one.
pub(super) fn subscript(c: char) -> Option<char> {
    const DIGITS: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    match c {
        '+' => Some('₊'),
        '-' | '−' => Some('₋'),
        _ => DIGITS.get(usize::try_from(c.to_digit(10)?).ok()?).copied(),
    }
}
