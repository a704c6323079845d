//! What the commands of TeX look like, as tables.

/// What stands for a command without arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) text: &'static str,
    /// It belongs to running text, not to formulas.
    pub(super) is_of_text: bool,
}

/// A mark on a letter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Accent {
    /// The combining characters.
    pub(super) mark: &'static str,
    /// It belongs to formulas.
    pub(super) is_of_math: bool,
}

/// The letter or symbol with a name. `\textX` and `\upX` are what `\X` is where they have no row of their own.
pub(super) fn symbol(name: &str) -> Option<Symbol> {
    let of_text = |text| Symbol { text, is_of_text: true };
    let of_math = |text| Symbol { text, is_of_text: false };
    let own = find(&TEXT, name).map(of_text).or_else(|| find(&MATH, name).map(of_math));
    own.or_else(|| cyrillic(name).or_else(|| find(&JOURNALS, name)).map(of_text)).or_else(|| {
        let (in_text, name) = match name.strip_prefix("text") {
            Some(name) => (true, name),
            None => (false, name.strip_prefix("up").or_else(|| name.strip_prefix("var"))?),
        };
        let text = find(&MATH, name).or_else(|| find(&TEXT, name).filter(|_| in_text))?;
        Some(Symbol { text, is_of_text: in_text })
    })
}

/// The letter that `\CYRA` or `\cyra` writes.
fn cyrillic(name: &str) -> Option<&'static str> {
    let (letter, is_large) = match name.strip_prefix("CYR") {
        Some(letter) => (letter, true),
        None => (name.strip_prefix("cyr")?, false),
    };
    let (large, small) = find(&CYRILLIC, &letter.to_ascii_uppercase())?.split_at_checked(2)?;
    Some(if is_large { large } else { small })
}

/// The accent with a name.
pub(super) fn accent(name: &str) -> Option<Accent> {
    find(&ACCENTS, name)
}

const fn text(mark: &'static str) -> Accent {
    Accent { mark, is_of_math: false }
}

const fn math(mark: &'static str) -> Accent {
    Accent { mark, is_of_math: true }
}

/// The words that an operator of mathematics is written as.
pub(super) fn operator(name: &str) -> Option<&'static str> {
    find(&OPERATORS, name)
}

/// The value of a name in a table that is sorted by names.
pub(super) fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    let found = table.binary_search_by(|(known, _)| known.bytes().cmp(name.bytes())).ok()?;
    table.get(found).map(|(_, value)| *value)
}

/// A text raised (`^`) or lowered, where there are characters for all of it. Two letters side by side are a word,
/// which stays.
pub(in crate::corpus::text) fn small(text: &str, sign: u8) -> Option<String> {
    let (from, to) = match sign {
        b'^' => ("0123456789+-−=()nihjrwyTɦɹɻʁ∘°′″*∗⋆†‡", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱʰʲʳʷʸᵀʱʴʵʶ°°′″*∗⋆†‡"),
        _ => ("0123456789+-−=()ijnkmpt", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ᵢⱼₙₖₘₚₜ"),
    };
    let mut before = ' ';
    let letters = text.chars().filter(|c| !c.is_whitespace());
    letters
        .map(|c| {
            let is_word = c.is_alphabetic() && std::mem::replace(&mut before, c).is_alphabetic();
            let pair = from.chars().zip(to.chars()).find(|(known, _)| *known == c);
            pair.filter(|_| !is_word).map(|(_, small)| small)
        })
        .collect()
}

/// The character with double strokes, where there is one.
pub(super) fn double_struck(c: char) -> char {
    let named = "CHNPQRZ".chars().zip("ℂℍℕℙℚℝℤ".chars()).find(|(known, _)| *known == c);
    let first = match c {
        'A'..='Z' => 0x1d538 - 0x41,
        'a'..='z' => 0x1d552 - 0x61,
        '0'..='9' => 0x1d7d8 - 0x30,
        _ => return c,
    };
    named.map(|(_, named)| named).or_else(|| char::from_u32(first + u32::from(c))).unwrap_or(c)
}

/// Characters of the Zapf Dingbats that are not in Unicode's block of dingbats, which is in the order of the font otherwise.
const ELSEWHERE: [(u32, &str); 12] = [
    (0x25, "☎"),
    (0x2a, "☛☞"),
    (0x48, "★"),
    (0x6c, "●"),
    (0x6e, "■"),
    (0x73, "▲▼◆"),
    (0x77, "◗"),
    (0xa8, "♣♦♥♠"),
    (0xac, "①②③④⑤"),
    (0xb1, "⑥⑦⑧⑨⑩"),
    (0xd5, "→"),
    (0xd6, "↔↕"),
];

/// A character of the Zapf Dingbats by its number in the font: decimal as in TeX, hexadecimal with `"` or letters.
pub(super) fn ding(number: &str) -> Option<char> {
    let number = number.trim();
    let code = match number.strip_prefix('"') {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().or_else(|_| u32::from_str_radix(number, 16)).ok()?,
    };
    let elsewhere = ELSEWHERE.iter().find_map(|(start, chars)| {
        let at = usize::try_from(code.checked_sub(*start)?).ok()?;
        chars.chars().nth(at)
    });
    let in_block = match code {
        0x21..=0x7e => char::from_u32(0x26e0 + code),
        0xa1..=0xfe if code != 0xf0 => char::from_u32(0x26c0 + code),
        _ => None,
    };
    elsewhere.or(in_block)
}

/// Letters, marks and names of running text. Sorted by name.
#[rustfmt::skip]
static TEXT: [(&str, &str); 436] = [
    ("AA", "Å"), ("AE", "Æ"), ("AMS", "AMS"), ("AmS", "AMS"), ("AmSLaTeX", "AMS-LaTeX"), ("AmSTeX", "AMS-TeX"),
    ("BibLaTeX", "BibLaTeX"), ("BibTeX", "BibTeX"), ("ConTeXt", "ConTeXt"), ("DH", "Ð"), ("DJ", "Đ"), ("Dbar", "Đ"),
    ("ESH", "Ʃ"), ("EUR", "€"), ("Earth", "♁"), ("IJ", "Ĳ"), ("L", "Ł"), ("LaTeX", "LaTeX"), ("LaTeXe", "LaTeX2ε"),
    ("LuaLaTeX", "LuaLaTeX"), ("LuaTeX", "LuaTeX"), ("METAFONT", "METAFONT"), ("METAPOST", "METAPOST"),
    ("MF", "METAFONT"), ("NG", "Ŋ"), ("O", "Ø"), ("OE", "Œ"), ("OHORN", "Ơ"), ("P", "¶"), ("S", "§"), ("SS", "ẞ"),
    ("SliTeX", "SliTeX"), ("Smiley", "☺"), ("Sun", "☉"), ("TH", "Þ"), ("TeX", "TeX"), ("Thorn", "Þ"), ("UHORN", "Ư"),
    ("XeLaTeX", "XeLaTeX"), ("XeTeX", "XeTeX"), ("aa", "å"), ("addcolon", ":"), ("addcomma", ","), ("adddot", "."),
    ("addhighpenspace", " "), ("addlowpenspace", " "), ("addnbspace", " "), ("addperiod", "."), ("addsemicolon", ";"),
    ("addslash", "/"), ("addspace", " "), ("addthinspace", " "), ("ae", "æ"), ("ain", "ʿ"), ("arcdeg", "°"),
    ("arcmin", "′"), ("arcsec", "″"), ("ascnode", "☊"), ("astrosun", "☉"), ("ayn", "ʿ"), ("bibclosebracket", "]"),
    ("bibcloseparen", ")"), ("bibdatedash", "–"), ("bibopenbracket", "["), ("bibopenparen", "("),
    ("bibrangedash", "–"), ("cdprime", "ʺ"), ("celsius", "°C"), ("checkmark", "✓"), ("copyright", "©"),
    ("cprime", "ʹ"), ("dag", "†"), ("dbar", "đ"), ("ddag", "‡"), ("degr", "°"), ("degree", "°"), ("descnode", "☋"),
    ("dh", "ð"), ("dj", "đ"), ("dots", "…"), ("dotsc", "…"), ("dotso", "…"), ("dq", "\""), ("earth", "♁"),
    ("enskip", " "), ("enspace", " "), ("euro", "€"), ("eurologo", "€"), ("female", "♀"), ("fg", "»"), ("flq", "‹"),
    ("flqq", "«"), ("frownie", "☹"), ("frq", "›"), ("frqq", "»"), ("fshyphen", "-"), ("fslash", "/"), ("glq", "‚"),
    ("glqq", "„"), ("grq", "‘"), ("grqq", "“"), ("guillemetleft", "«"), ("guillemetright", "»"),
    ("guillemotleft", "«"), ("guillemotright", "»"), ("guilsinglleft", "‹"), ("guilsinglright", "›"), ("hamza", "ʾ"),
    ("hfill", " "), ("hv", "ƕ"), ("hyphen", "-"), ("i", "ı"), ("ij", "ĳ"), ("item", " "), ("j", "ȷ"),
    ("jupiter", "♃"), ("l", "ł"), ("lasp", "ʿ"), ("lbrack", "["), ("ldots", "…"), ("linebreak", " "), ("lips", "…"),
    ("lq", "‘"), ("male", "♂"), ("maltese", "✠"), ("mars", "♂"), ("mathellipsis", "…"), ("medspace", " "),
    ("mercury", "☿"), ("micro", "µ"), ("micron", "µm"), ("nbhyphen", "‑"), ("neptune", "♆"), ("newline", " "),
    ("ng", "ŋ"), ("nobreakspace", " "), ("numero", "№"), ("o", "ø"), ("oe", "œ"), ("og", "«"), ("ohm", "Ω"),
    ("ohorn", "ơ"), ("par", " "), ("pdfLaTeX", "pdfLaTeX"), ("pdfTeX", "pdfTeX"), ("permil", "‰"),
    ("perthousand", "‰"), ("phone", "☎"), ("pluto", "♇"), ("pounds", "£"), ("qquad", " "), ("quad", " "),
    ("quotedblbase", "„"), ("quotesinglbase", "‚"), ("rasp", "ʾ"), ("rbrack", "]"), ("rq", "’"), ("saturn", "♄"),
    ("slash", "/"), ("smiley", "☺"), ("space", " "), ("ss", "ß"), ("sun", "☉"), ("textBhook", "Ɓ"),
    ("textChook", "Ƈ"), ("textDafrican", "Ɖ"), ("textDhook", "Ɗ"), ("textEopen", "Ɛ"), ("textEreversed", "Ǝ"),
    ("textEsh", "Ʃ"), ("textEzh", "Ʒ"), ("textFhook", "Ƒ"), ("textGammaafrican", "Ɣ"), ("textHbar", "Ħ"),
    ("textIotaafrican", "Ɩ"), ("textKhook", "Ƙ"), ("textNhookleft", "Ɲ"), ("textOopen", "Ɔ"), ("textPhook", "Ƥ"),
    ("textTbar", "Ŧ"), ("textThook", "Ƭ"), ("textTretroflexhook", "Ʈ"), ("textTstroke", "Ŧ"), ("textVhook", "Ʋ"),
    ("textYhook", "Ƴ"), ("textacutedbl", "˝"), ("textampersand", "&"), ("textasciiacute", "´"),
    ("textasciibreve", "˘"), ("textasciicaron", "ˇ"), ("textasciicedilla", "¸"), ("textasciicircum", "^"),
    ("textasciidieresis", "¨"), ("textasciigrave", "`"), ("textasciimacron", "¯"), ("textasciitilde", "~"),
    ("textasteriskcentered", "*"), ("textbaht", "฿"), ("textbar", "|"), ("textbardbl", "‖"), ("textbardotlessj", "ɟ"),
    ("textbarglotstop", "ʡ"), ("textbari", "ɨ"), ("textbarl", "ł"), ("textbaro", "ɵ"), ("textbarrevglotstop", "ʢ"),
    ("textbaru", "ʉ"), ("textbeltl", "ɬ"), ("textbhook", "ɓ"), ("textbigcircle", "◯"), ("textblank", "␢"),
    ("textborn", "★"), ("textbraceleft", "{"), ("textbraceright", "}"), ("textbrokenbar", "¦"), ("textbullet", "•"),
    ("textbullseye", "ʘ"), ("textcelsius", "℃"), ("textcentereddot", "·"), ("textcentoldstyle", "¢"),
    ("textchook", "ƈ"), ("textcircledP", "℗"), ("textcloseepsilon", "ʚ"), ("textcloseomega", "ɷ"),
    ("textcloserevepsilon", "ɞ"), ("textcolonmonetary", "₡"), ("textcopyleft", "🄯"), ("textcrb", "ƀ"),
    ("textcrd", "đ"), ("textcrh", "ħ"), ("textcrlambda", "ƛ"), ("textctc", "ɕ"), ("textctesh", "ʆ"), ("textctj", "ʝ"),
    ("textctyogh", "ʓ"), ("textctz", "ʑ"), ("textcurrency", "¤"), ("textdaggerdbl", "‡"), ("textdblhyphen", "⹀"),
    ("textdblhyphenchar", "⹀"), ("textdctzlig", "ʥ"), ("textdhook", "ɗ"), ("textdied", "†"), ("textdiscount", "⁒"),
    ("textdivorced", "⚮"), ("textdollar", "$"), ("textdollaroldstyle", "$"), ("textdong", "₫"), ("textdtail", "ɖ"),
    ("textdyoghlig", "ʤ"), ("textdzlig", "ʣ"), ("texteightoldstyle", "8"), ("textellipsis", "…"), ("textemdash", "—"),
    ("textendash", "–"), ("texteopen", "ɛ"), ("textepsilon", "ɛ"), ("textequals", "="), ("textesh", "ʃ"),
    ("textestimated", "℮"), ("texteturned", "ǝ"), ("textexclamdown", "¡"), ("textezh", "ʒ"), ("textfishhookr", "ɾ"),
    ("textfiveoldstyle", "5"), ("textflorin", "ƒ"), ("textfouroldstyle", "4"), ("textfractionsolidus", "⁄"),
    ("textg", "g"), ("textgammalatinsmall", "ɣ"), ("textglotstop", "ʔ"), ("textgravedbl", "˵"), ("textgreater", ">"),
    ("textguarani", "₲"), ("texthbar", "ħ"), ("texthtb", "ɓ"), ("texthtbardotlessj", "ʄ"), ("texthtc", "ƈ"),
    ("texthtd", "ɗ"), ("texthtg", "ɠ"), ("texthth", "ɦ"), ("texththeng", "ɧ"), ("texthtk", "ƙ"), ("texthtp", "ƥ"),
    ("texthtq", "ʠ"), ("texthtscg", "ʛ"), ("texthtt", "ƭ"), ("texthvlig", "ƕ"), ("textinterrobang", "‽"),
    ("textinterrobangdown", "⸘"), ("textinvglotstop", "ʖ"), ("textinvscr", "ʁ"), ("textiotalatin", "ɩ"),
    ("textkhook", "ƙ"), ("textkra", "ĸ"), ("textlbrackdbl", "⟦"), ("textleaf", "❧"), ("textlengthmark", "ː"),
    ("textless", "<"), ("textlhti", "ɿ"), ("textlira", "₤"), ("textlogicalnot", "¬"), ("textlonglegr", "ɼ"),
    ("textlooptoprevesh", "ƪ"), ("textlquill", "⁅"), ("textltailm", "ɱ"), ("textltailn", "ɲ"), ("textltilde", "ɫ"),
    ("textlyoghlig", "ɮ"), ("textmarried", "⚭"), ("textmusicalnote", "♪"), ("textnaira", "₦"), ("textnhookleft", "ɲ"),
    ("textnineoldstyle", "9"), ("textnonbreakinghyphen", "‑"), ("textnumbersign", "#"), ("textonehalf", "½"),
    ("textoneoldstyle", "1"), ("textonequarter", "¼"), ("textonesuperior", "¹"), ("textonethird", "⅓"),
    ("textoopen", "ɔ"), ("textopenbullet", "◦"), ("textopeno", "ɔ"), ("textordfeminine", "ª"),
    ("textordmasculine", "º"), ("textoverline", "‾"), ("textpalhookbelow", "ƫ"), ("textparagraph", "¶"),
    ("textpercent", "%"), ("textperiodcentered", "·"), ("textpermille", "‰"), ("textpertenthousand", "‱"),
    ("textpeso", "₱"), ("textphi", "ɸ"), ("textphook", "ƥ"), ("textpilcrow", "¶"), ("textprimstress", "ˈ"),
    ("textquestiondown", "¿"), ("textquotedbl", "\""), ("textquotedblleft", "“"), ("textquotedblright", "”"),
    ("textquoteleft", "‘"), ("textquoteright", "’"), ("textquotesingle", "'"), ("textquotestraightbase", "‚"),
    ("textquotestraightdblbase", "„"), ("textraisevibyi", "ʅ"), ("textramshorns", "ɤ"), ("textrbrackdbl", "⟧"),
    ("textrecipe", "℞"), ("textreferencemark", "※"), ("textregistered", "®"), ("textreve", "ɘ"),
    ("textrevepsilon", "ɜ"), ("textrevglotstop", "ʕ"), ("textrhookrevepsilon", "ɝ"), ("textrhookschwa", "ɚ"),
    ("textrquill", "⁆"), ("textrtaild", "ɖ"), ("textrtaill", "ɭ"), ("textrtailn", "ɳ"), ("textrtailr", "ɽ"),
    ("textrtails", "ʂ"), ("textrtailt", "ʈ"), ("textrtailz", "ʐ"), ("textscb", "ʙ"), ("textscg", "ɢ"),
    ("textsch", "ʜ"), ("textschwa", "ə"), ("textsci", "ɪ"), ("textscl", "ʟ"), ("textscn", "ɴ"), ("textscoelig", "ɶ"),
    ("textscr", "ʀ"), ("textscripta", "ɑ"), ("textscriptg", "ɡ"), ("textscriptv", "ʋ"), ("textscy", "ʏ"),
    ("textsection", "§"), ("textservicemark", "℠"), ("textsevenoldstyle", "7"), ("textsixoldstyle", "6"),
    ("textsterling", "£"), ("textstretchc", "ʗ"), ("texttbar", "ŧ"), ("texttctclig", "ʨ"), ("texttesh", "ʧ"),
    ("textteshlig", "ʧ"), ("textthook", "ƭ"), ("textthorn", "þ"), ("textthornvari", "þ"), ("textthornvarii", "þ"),
    ("textthornvariii", "þ"), ("textthornvariv", "þ"), ("textthreeoldstyle", "3"), ("textthreequarters", "¾"),
    ("textthreequartersemdash", "—"), ("textthreesuperior", "³"), ("texttildelow", "˷"), ("texttretroflexhook", "ʈ"),
    ("texttslig", "ʦ"), ("texttstroke", "ŧ"), ("textturna", "ɐ"), ("textturnh", "ɥ"), ("textturnk", "ʞ"),
    ("textturnlonglegr", "ɺ"), ("textturnm", "ɯ"), ("textturnmrleg", "ɰ"), ("textturnr", "ɹ"),
    ("textturnrrtail", "ɻ"), ("textturnscripta", "ɒ"), ("textturnt", "ʇ"), ("textturnv", "ʌ"), ("textturnw", "ʍ"),
    ("textturny", "ʎ"), ("texttwelveudash", "—"), ("texttwooldstyle", "2"), ("texttwosuperior", "²"),
    ("texttwothirds", "⅔"), ("textunderscore", "_"), ("textvhook", "ʋ"), ("textvisiblespace", " "), ("textwon", "₩"),
    ("textyhook", "ƴ"), ("textyogh", "ʒ"), ("textzerooldstyle", "0"), ("th", "þ"), ("thickspace", " "),
    ("thinspace", " "), ("trademark", "™"), ("uhorn", "ư"), ("uranus", "♅"), ("venus", "♀"), ("vernal", "♈"),
    ("yen", "¥"),
];

/// Greek letters and the symbols of mathematics. Sorted by name.
#[rustfmt::skip]
static MATH: [(&str, &str); 529] = [
    ("Alpha", "Α"), ("Arrowvert", "‖"), ("Bbbk", "𝕜"), ("Beta", "Β"), ("Box", "□"), ("Bumpeq", "≎"), ("Cap", "⋒"),
    ("Chi", "Χ"), ("Coloneqq", "⩴"), ("Cup", "⋓"), ("Delta", "Δ"), ("Diamond", "◇"), ("Digamma", "Ϝ"), ("Doteq", "≑"),
    ("Downarrow", "⇓"), ("Epsilon", "Ε"), ("Eta", "Η"), ("Finv", "Ⅎ"), ("Game", "⅁"), ("Gamma", "Γ"), ("Im", "ℑ"),
    ("Iota", "Ι"), ("Join", "⋈"), ("Kappa", "Κ"), ("Lambda", "Λ"), ("Leftarrow", "⇐"), ("Leftrightarrow", "⇔"),
    ("Lleftarrow", "⇚"), ("Longleftarrow", "⟸"), ("Longleftrightarrow", "⟺"), ("Longmapsto", "⟾"),
    ("Longrightarrow", "⟹"), ("Lsh", "↰"), ("Mu", "Μ"), ("Nu", "Ν"), ("Omega", "Ω"), ("Omicron", "Ο"), ("Perp", "⫫"),
    ("Phi", "Φ"), ("Pi", "Π"), ("Psi", "Ψ"), ("Re", "ℜ"), ("Rho", "Ρ"), ("Rightarrow", "⇒"), ("Rrightarrow", "⇛"),
    ("Rsh", "↱"), ("Sigma", "Σ"), ("Subset", "⋐"), ("Supset", "⋑"), ("Tau", "Τ"), ("Theta", "Θ"), ("Uparrow", "⇑"),
    ("Updownarrow", "⇕"), ("Upsilon", "Υ"), ("Vdash", "⊩"), ("Vert", "‖"), ("Vvdash", "⊪"), ("Xi", "Ξ"),
    ("Zeta", "Ζ"), ("above", "/"), ("aleph", "ℵ"), ("alpha", "α"), ("amalg", "⨿"), ("angle", "∠"), ("approx", "≈"),
    ("approxeq", "≊"), ("arrowvert", "|"), ("ast", "∗"), ("asymp", "≍"), ("atop", "/"), ("backepsilon", "∍"),
    ("backprime", "‵"), ("backsim", "∽"), ("backsimeq", "⋍"), ("backslash", "\\"), ("barwedge", "⊼"),
    ("because", "∵"), ("beta", "β"), ("beth", "ℶ"), ("between", "≬"), ("bigcap", "⋂"), ("bigcirc", "◯"),
    ("bigcup", "⋃"), ("bigodot", "⨀"), ("bigoplus", "⨁"), ("bigotimes", "⨂"), ("bigsqcup", "⨆"), ("bigstar", "★"),
    ("bigtimes", "⨉"), ("bigtriangledown", "▽"), ("bigtriangleup", "△"), ("biguplus", "⨄"), ("bigvee", "⋁"),
    ("bigwedge", "⋀"), ("blacklozenge", "⧫"), ("blacksquare", "■"), ("blacktriangle", "▴"),
    ("blacktriangledown", "▾"), ("blacktriangleleft", "◀"), ("blacktriangleright", "▶"), ("bot", "⊥"),
    ("bowtie", "⋈"), ("boxdot", "⊡"), ("boxminus", "⊟"), ("boxplus", "⊞"), ("boxtimes", "⊠"), ("bracevert", "|"),
    ("bullet", "∙"), ("bumpeq", "≏"), ("cap", "∩"), ("cdot", "⋅"), ("cdotp", "·"), ("cdots", "⋯"), ("cent", "¢"),
    ("centerdot", "⋅"), ("chi", "χ"), ("choose", "choose"), ("circ", "∘"), ("circeq", "≗"), ("circlearrowleft", "↺"),
    ("circlearrowright", "↻"), ("circledR", "®"), ("circledS", "Ⓢ"), ("circledast", "⊛"), ("circledcirc", "⊚"),
    ("circleddash", "⊝"), ("clubsuit", "♣"), ("colon", ":"), ("coloneq", "≔"), ("coloneqq", "≔"),
    ("colonequals", "≔"), ("complement", "∁"), ("cong", "≅"), ("coprod", "∐"), ("cup", "∪"), ("curlyeqprec", "⋞"),
    ("curlyeqsucc", "⋟"), ("curlyvee", "⋎"), ("curlywedge", "⋏"), ("curvearrowleft", "↶"), ("curvearrowright", "↷"),
    ("dagger", "†"), ("daleth", "ℸ"), ("dashleftarrow", "⇠"), ("dashrightarrow", "⇢"), ("dashv", "⊣"),
    ("ddagger", "‡"), ("ddots", "⋱"), ("delta", "δ"), ("diagdown", "⟍"), ("diagup", "⟋"), ("diamond", "⋄"),
    ("diamondsuit", "♢"), ("digamma", "ϝ"), ("div", "÷"), ("divideontimes", "⋇"), ("doteq", "≐"), ("doteqdot", "≑"),
    ("dotplus", "∔"), ("dotsb", "⋯"), ("dotsi", "⋯"), ("dotsm", "⋯"), ("doublebarwedge", "⩞"), ("doublecap", "⋒"),
    ("doublecup", "⋓"), ("downarrow", "↓"), ("downdownarrows", "⇊"), ("downharpoonleft", "⇃"),
    ("downharpoonright", "⇂"), ("ell", "ℓ"), ("emptyset", "∅"), ("epsilon", "ϵ"), ("eqcirc", "≖"), ("eqqcolon", "≕"),
    ("eqsim", "≂"), ("eqslantgtr", "⪖"), ("eqslantless", "⪕"), ("equiv", "≡"), ("eta", "η"), ("eth", "ð"),
    ("exists", "∃"), ("fallingdotseq", "≒"), ("fint", "⨍"), ("flat", "♭"), ("forall", "∀"), ("frown", "⌢"),
    ("ga", "≳"), ("gamma", "γ"), ("ge", "≥"), ("geq", "≥"), ("geqq", "≧"), ("geqslant", "⩾"), ("gets", "←"),
    ("gg", "≫"), ("ggg", "⋙"), ("gggtr", "⋙"), ("gimel", "ℷ"), ("gnapprox", "⪊"), ("gneq", "⪈"), ("gneqq", "≩"),
    ("gnsim", "⋧"), ("gsim", "≳"), ("gt", ">"), ("gtrapprox", "⪆"), ("gtrdot", "⋗"), ("gtreqless", "⋛"),
    ("gtreqqless", "⪌"), ("gtrless", "≷"), ("gtrsim", "≳"), ("gvertneqq", "≩"), ("hbar", "ℏ"), ("heartsuit", "♡"),
    ("hookleftarrow", "↩"), ("hookrightarrow", "↪"), ("hslash", "ℏ"), ("idotsint", "∫⋯∫"), ("iff", "⇔"),
    ("iiiint", "⨌"), ("iiint", "∭"), ("iint", "∬"), ("imageof", "⊷"), ("imath", "ı"), ("impliedby", "⇐"),
    ("implies", "⇒"), ("in", "∈"), ("indep", "⫫"), ("independent", "⫫"), ("infty", "∞"), ("int", "∫"),
    ("intercal", "⊺"), ("intop", "∫"), ("iota", "ι"), ("jmath", "ȷ"), ("kappa", "κ"), ("lBrack", "⟦"), ("lVert", "‖"),
    ("la", "≲"), ("lambda", "λ"), ("land", "∧"), ("langle", "⟨"), ("lbrace", "{"), ("lceil", "⌈"), ("ldotp", "."),
    ("le", "≤"), ("leadsto", "↝"), ("leftarrow", "←"), ("leftarrowtail", "↢"), ("leftharpoondown", "↽"),
    ("leftharpoonup", "↼"), ("leftleftarrows", "⇇"), ("leftrightarrow", "↔"), ("leftrightarrows", "⇆"),
    ("leftrightharpoons", "⇋"), ("leftrightsquigarrow", "↭"), ("leftthreetimes", "⋋"), ("leq", "≤"), ("leqq", "≦"),
    ("leqslant", "⩽"), ("lessapprox", "⪅"), ("lessdot", "⋖"), ("lesseqgtr", "⋚"), ("lesseqqgtr", "⪋"),
    ("lessgtr", "≶"), ("lesssim", "≲"), ("lfloor", "⌊"), ("lgroup", "⟮"), ("lhd", "⊲"), ("lhook", "ʿ"),
    ("lightning", "↯"), ("ll", "≪"), ("llbracket", "⟦"), ("llcorner", "⌞"), ("lll", "⋘"), ("llless", "⋘"),
    ("lmoustache", "⎰"), ("lnapprox", "⪉"), ("lneq", "⪇"), ("lneqq", "≨"), ("lnot", "¬"), ("lnsim", "⋦"),
    ("longleftarrow", "⟵"), ("longleftrightarrow", "⟷"), ("longmapsfrom", "⟻"), ("longmapsto", "⟼"),
    ("longrightarrow", "⟶"), ("looparrowleft", "↫"), ("looparrowright", "↬"), ("lor", "∨"), ("lozenge", "◊"),
    ("lparen", "("), ("lrcorner", "⌟"), ("lsim", "≲"), ("lt", "<"), ("ltimes", "⋉"), ("lvert", "|"),
    ("lvertneqq", "≨"), ("mapsfrom", "↤"), ("mapsto", "↦"), ("mathsterling", "£"), ("measuredangle", "∡"),
    ("mho", "℧"), ("mid", "∣"), ("minus", "−"), ("models", "⊨"), ("mp", "∓"), ("mu", "μ"), ("multimap", "⊸"),
    ("nLeftarrow", "⇍"), ("nLeftrightarrow", "⇎"), ("nRightarrow", "⇏"), ("nVDash", "⊯"), ("nVdash", "⊮"),
    ("nabla", "∇"), ("napprox", "≉"), ("natural", "♮"), ("ncong", "≇"), ("ne", "≠"), ("nearrow", "↗"), ("neg", "¬"),
    ("neq", "≠"), ("nequiv", "≢"), ("nexists", "∄"), ("ngeq", "≱"), ("ngeqq", "≱"), ("ngeqslant", "⪈"), ("ngtr", "≯"),
    ("ni", "∋"), ("nin", "∉"), ("nleftarrow", "↚"), ("nleftrightarrow", "↮"), ("nleq", "≰"), ("nleqq", "≰"),
    ("nleqslant", "⪇"), ("nless", "≮"), ("nmid", "∤"), ("nni", "∌"), ("notin", "∉"), ("notni", "∌"),
    ("nparallel", "∦"), ("nprec", "⊀"), ("npreceq", "⋠"), ("nrightarrow", "↛"), ("nshortmid", "∤"),
    ("nshortparallel", "∦"), ("nsim", "≁"), ("nsimeq", "≄"), ("nsubset", "⊄"), ("nsubseteq", "⊈"),
    ("nsubseteqq", "⫅\u{338}"), ("nsucc", "⊁"), ("nsucceq", "⋡"), ("nsupset", "⊅"), ("nsupseteq", "⊉"),
    ("nsupseteqq", "⫆\u{338}"), ("ntriangleleft", "⋪"), ("ntrianglelefteq", "⋬"), ("ntriangleright", "⋫"),
    ("ntrianglerighteq", "⋭"), ("nu", "ν"), ("nvDash", "⊭"), ("nvdash", "⊬"), ("nwarrow", "↖"), ("odot", "⊙"),
    ("oiiint", "∰"), ("oiint", "∯"), ("oint", "∮"), ("omega", "ω"), ("omicron", "ο"), ("ominus", "⊖"), ("oplus", "⊕"),
    ("origof", "⊶"), ("oslash", "⊘"), ("otimes", "⊗"), ("over", "/"), ("owns", "∋"), ("parallel", "∥"),
    ("partial", "∂"), ("perp", "⊥"), ("phi", "ϕ"), ("pi", "π"), ("pitchfork", "⋔"), ("plus", "+"), ("pm", "±"),
    ("prec", "≺"), ("precapprox", "⪷"), ("preccurlyeq", "≼"), ("preceq", "⪯"), ("precnapprox", "⪹"),
    ("precneqq", "⪵"), ("precnsim", "⋨"), ("precsim", "≾"), ("prime", "′"), ("prod", "∏"), ("propto", "∝"),
    ("psi", "ψ"), ("rBrack", "⟧"), ("rVert", "‖"), ("rangle", "⟩"), ("ratio", "∶"), ("rbrace", "}"), ("rceil", "⌉"),
    ("restriction", "↾"), ("rfloor", "⌋"), ("rgroup", "⟯"), ("rhd", "⊳"), ("rho", "ρ"), ("rhook", "ʾ"),
    ("rightarrow", "→"), ("rightarrowtail", "↣"), ("rightharpoondown", "⇁"), ("rightharpoonup", "⇀"),
    ("rightleftarrows", "⇄"), ("rightleftharpoons", "⇌"), ("rightrightarrows", "⇉"), ("rightsquigarrow", "⇝"),
    ("rightthreetimes", "⋌"), ("risingdotseq", "≓"), ("rmoustache", "⎱"), ("rparen", ")"), ("rrbracket", "⟧"),
    ("rtimes", "⋊"), ("rvert", "|"), ("searrow", "↘"), ("semicolon", ";"), ("setminus", "∖"), ("sharp", "♯"),
    ("shortmid", "∣"), ("shortparallel", "∥"), ("sigma", "σ"), ("sim", "∼"), ("simeq", "≃"), ("smallfrown", "⌢"),
    ("smallint", "∫"), ("smallsetminus", "∖"), ("smallsmile", "⌣"), ("smile", "⌣"), ("spadesuit", "♠"),
    ("sphericalangle", "∢"), ("sqcap", "⊓"), ("sqcup", "⊔"), ("sqrtsign", "√"), ("sqsubset", "⊏"),
    ("sqsubseteq", "⊑"), ("sqsupset", "⊐"), ("sqsupseteq", "⊒"), ("square", "□"), ("star", "⋆"), ("subset", "⊂"),
    ("subseteq", "⊆"), ("subseteqq", "⫅"), ("subsetneq", "⊊"), ("subsetneqq", "⫋"), ("succ", "≻"),
    ("succapprox", "⪸"), ("succcurlyeq", "≽"), ("succeq", "⪰"), ("succnapprox", "⪺"), ("succneqq", "⪶"),
    ("succnsim", "⋩"), ("succsim", "≿"), ("sum", "∑"), ("supset", "⊃"), ("supseteq", "⊇"), ("supseteqq", "⫆"),
    ("supsetneq", "⊋"), ("supsetneqq", "⫌"), ("surd", "√"), ("swarrow", "↙"), ("tau", "τ"), ("therefore", "∴"),
    ("theta", "θ"), ("thickapprox", "≈"), ("thicksim", "∼"), ("times", "×"), ("to", "→"), ("top", "⊤"),
    ("triangle", "△"), ("triangledown", "▿"), ("triangleleft", "◁"), ("trianglelefteq", "⊴"), ("triangleq", "≜"),
    ("triangleright", "▷"), ("trianglerighteq", "⊵"), ("twoheadleftarrow", "↞"), ("twoheadrightarrow", "↠"),
    ("ulcorner", "⌜"), ("unlhd", "⊴"), ("unrhd", "⊵"), ("uparrow", "↑"), ("updownarrow", "↕"), ("upharpoonleft", "↿"),
    ("upharpoonright", "↾"), ("uplus", "⊎"), ("upmodels", "⊧"), ("upsilon", "υ"), ("upuparrows", "⇈"),
    ("urcorner", "⌝"), ("vDash", "⊨"), ("varepsilon", "ε"), ("varkappa", "ϰ"), ("varnothing", "∅"), ("varphi", "φ"),
    ("varpi", "ϖ"), ("varpropto", "∝"), ("varrho", "ρ"), ("varsigma", "ς"), ("varsubsetneq", "⊊"),
    ("varsubsetneqq", "⫋"), ("varsupsetneq", "⊋"), ("varsupsetneqq", "⫌"), ("vartheta", "θ"), ("vartriangle", "△"),
    ("vartriangleleft", "⊲"), ("vartriangleright", "⊳"), ("varvdots", "⋮"), ("vcentcolon", ":"), ("vdash", "⊢"),
    ("vdots", "⋮"), ("vee", "∨"), ("veebar", "⊻"), ("vert", "|"), ("wedge", "∧"), ("wp", "℘"), ("wr", "≀"),
    ("xi", "ξ"), ("xleftarrow", "←"), ("xleftrightarrow", "↔"), ("xrightarrow", "→"), ("zeta", "ζ"),
];

/// The letters of the Cyrillic encodings, large and small, by the name after `CYR` and `cyr`. Sorted by name.
#[rustfmt::skip]
static CYRILLIC: [(&str, &str); 91] = [
    ("A", "Аа"), ("ABHCH", "Ҽҽ"), ("ABHCHDSC", "Ҿҿ"), ("ABHDZE", "Ӡӡ"), ("ABHHA", "Ҩҩ"), ("AE", "Ӕӕ"), ("B", "Бб"),
    ("BYUS", "Ѫѫ"), ("C", "Цц"), ("CH", "Чч"), ("CHLDSC", "Ӌӌ"), ("CHRDSC", "Ҷҷ"), ("CHVCRS", "Ҹҹ"), ("D", "Дд"),
    ("DJE", "Ђђ"), ("DZE", "Ѕѕ"), ("DZHE", "Џџ"), ("E", "Ее"), ("EREV", "Ээ"), ("ERY", "Ыы"), ("F", "Фф"),
    ("FITA", "Ѳѳ"), ("G", "Гг"), ("GDSC", "Ӷӷ"), ("GDSCHCRS", "Ӻӻ"), ("GHCRS", "Ғғ"), ("GHK", "Ҕҕ"), ("GUP", "Ґґ"),
    ("H", "Хх"), ("HDSC", "Ҳҳ"), ("HHCRS", "Ӿӿ"), ("HHK", "Ӽӽ"), ("HRDSN", "Ъъ"), ("I", "Ии"), ("IE", "Єє"),
    ("II", "Іі"), ("ISHRT", "Йй"), ("IZH", "Ѵѵ"), ("JE", "Јј"), ("K", "Кк"), ("KBEAK", "Ҡҡ"), ("KDSC", "Ққ"),
    ("KHCRS", "Ҟҟ"), ("KHK", "Ӄӄ"), ("KVCRS", "Ҝҝ"), ("L", "Лл"), ("LDSC", "Ӆӆ"), ("LHK", "Ԡԡ"), ("LJE", "Љљ"),
    ("M", "Мм"), ("MDSC", "Ӎӎ"), ("N", "Нн"), ("NDSC", "Ңң"), ("NG", "Ҥҥ"), ("NHK", "Ӈӈ"), ("NJE", "Њњ"),
    ("NLHK", "Ԣԣ"), ("O", "Оо"), ("OTLD", "Өө"), ("P", "Пп"), ("PALOCHKA", "Ӏӏ"), ("PHK", "Ҧҧ"), ("R", "Рр"),
    ("RTICK", "Ҏҏ"), ("S", "Сс"), ("SACRS", "Ҫҫ"), ("SCHWA", "Әә"), ("SDSC", "Ҫҫ"), ("SEMISFTSN", "Ҍҍ"),
    ("SFTSN", "Ьь"), ("SH", "Шш"), ("SHCH", "Щщ"), ("SHHA", "Һһ"), ("T", "Тт"), ("TDSC", "Ҭҭ"), ("TETSE", "Ҵҵ"),
    ("TSHE", "Ћћ"), ("U", "Уу"), ("USHRT", "Ўў"), ("V", "Вв"), ("Y", "Үү"), ("YA", "Яя"), ("YAT", "Ѣѣ"),
    ("YHCRS", "Ұұ"), ("YI", "Її"), ("YO", "Ёё"), ("YU", "Юю"), ("Z", "Зз"), ("ZDSC", "Ҙҙ"), ("ZH", "Жж"),
    ("ZHDSC", "Җҗ"),
];

/// Journals as the Astrophysics Data System writes them. Sorted by name.
#[rustfmt::skip]
static JOURNALS: [(&str, &str); 60] = [
    ("aap", "Astronomy & Astrophysics"), ("aapr", "Astronomy and Astrophysics Reviews"),
    ("aaps", "Astronomy & Astrophysics Supplement Series"), ("actaa", "Acta Astronomica"),
    ("aj", "The Astronomical Journal"), ("ao", "Applied Optics"), ("apj", "The Astrophysical Journal"),
    ("apjl", "The Astrophysical Journal Letters"), ("apjlett", "The Astrophysical Journal Letters"),
    ("apjs", "The Astrophysical Journal Supplement Series"),
    ("apjsupp", "The Astrophysical Journal Supplement Series"), ("aplett", "Astrophysics Letters"),
    ("apspr", "Astrophysics Space Physics Research"), ("apss", "Astrophysics and Space Science"),
    ("araa", "Annual Review of Astronomy and Astrophysics"), ("astap", "Astronomy & Astrophysics"),
    ("azh", "Astronomicheskii Zhurnal"), ("baas", "Bulletin of the American Astronomical Society"),
    ("bac", "Bulletin of the Astronomical Institutes of Czechoslovakia"),
    ("bain", "Bulletin of the Astronomical Institutes of the Netherlands"),
    ("caa", "Chinese Astronomy and Astrophysics"), ("cjaa", "Chinese Journal of Astronomy and Astrophysics"),
    ("fcp", "Fundamental Cosmic Physics"), ("gca", "Geochimica et Cosmochimica Acta"),
    ("grl", "Geophysical Research Letters"), ("iaucirc", "IAU Circulars"), ("icarus", "Icarus"),
    ("jcap", "Journal of Cosmology and Astroparticle Physics"), ("jcp", "Journal of Chemical Physics"),
    ("jgr", "Journal of Geophysical Research"),
    ("jqsrt", "Journal of Quantitative Spectroscopy and Radiative Transfer"),
    ("jrasc", "Journal of the Royal Astronomical Society of Canada"),
    ("memras", "Memoirs of the Royal Astronomical Society"), ("memsai", "Memorie della Società Astronomica Italiana"),
    ("mnras", "Monthly Notices of the Royal Astronomical Society"), ("na", "New Astronomy"),
    ("nar", "New Astronomy Review"), ("nat", "Nature"), ("nphysa", "Nuclear Physics A"),
    ("pasa", "Publications of the Astronomical Society of Australia"),
    ("pasj", "Publications of the Astronomical Society of Japan"),
    ("pasp", "Publications of the Astronomical Society of the Pacific"), ("physrep", "Physics Reports"),
    ("physscr", "Physica Scripta"), ("planss", "Planetary and Space Science"), ("pra", "Physical Review A"),
    ("prb", "Physical Review B"), ("prc", "Physical Review C"), ("prd", "Physical Review D"),
    ("pre", "Physical Review E"), ("prl", "Physical Review Letters"), ("procspie", "Proceedings of the SPIE"),
    ("psj", "The Planetary Science Journal"), ("qjras", "Quarterly Journal of the Royal Astronomical Society"),
    ("rmxaa", "Revista Mexicana de Astronomía y Astrofísica"), ("skytel", "Sky and Telescope"),
    ("solphys", "Solar Physics"), ("sovast", "Soviet Astronomy"), ("ssr", "Space Science Reviews"),
    ("zap", "Zeitschrift für Astrophysik"),
];

/// Words of mathematics. Sorted by name.
#[rustfmt::skip]
static OPERATORS: [(&str, &str); 42] = [
    ("Pr", "Pr"), ("arccos", "arccos"), ("arccot", "arccot"), ("arcsin", "arcsin"), ("arctan", "arctan"),
    ("arg", "arg"), ("argmax", "argmax"), ("argmin", "argmin"), ("bmod", "mod"), ("cos", "cos"), ("cosh", "cosh"),
    ("cot", "cot"), ("coth", "coth"), ("csc", "csc"), ("deg", "deg"), ("det", "det"), ("dim", "dim"), ("exp", "exp"),
    ("gcd", "gcd"), ("hom", "hom"), ("inf", "inf"), ("injlim", "inj lim"), ("ker", "ker"), ("lg", "lg"),
    ("lim", "lim"), ("liminf", "lim inf"), ("limsup", "lim sup"), ("ln", "ln"), ("log", "log"), ("max", "max"),
    ("min", "min"), ("mod", "mod"), ("plim", "plim"), ("projlim", "proj lim"), ("sec", "sec"), ("sin", "sin"),
    ("sinh", "sinh"), ("sup", "sup"), ("tan", "tan"), ("tanh", "tanh"), ("varliminf", "lim inf"),
    ("varlimsup", "lim sup"),
];

/// The combining marks of accents. Sorted by name.
#[rustfmt::skip]
static ACCENTS: [(&str, Accent); 129] = [
    ("\"", text("\u{308}")), ("'", text("\u{301}")), (".", text("\u{307}")), ("=", text("\u{304}")),
    ("B", text("\u{335}")), ("C", text("\u{30f}")), ("G", text("\u{30f}")), ("H", text("\u{30b}")),
    ("M", text("\u{322}")), ("U", text("\u{30e}")), ("^", text("\u{302}")), ("`", text("\u{300}")),
    ("acute", math("\u{301}")), ("b", text("\u{331}")), ("bar", math("\u{304}")), ("breve", math("\u{306}")),
    ("c", text("\u{327}")), ("capitalacute", text("\u{301}")), ("capitalbreve", text("\u{306}")),
    ("capitalcaron", text("\u{30c}")), ("capitalcedilla", text("\u{327}")), ("capitalcircumflex", text("\u{302}")),
    ("capitaldieresis", text("\u{308}")), ("capitaldotaccent", text("\u{307}")), ("capitalgrave", text("\u{300}")),
    ("capitalhungarumlaut", text("\u{30b}")), ("capitalmacron", text("\u{304}")), ("capitalogonek", text("\u{328}")),
    ("capitalring", text("\u{30a}")), ("capitaltilde", text("\u{303}")), ("cfac", text("\u{302}\u{301}")),
    ("cfgrv", text("\u{302}\u{300}")), ("cftil", text("\u{302}\u{303}")), ("cfudot", text("\u{302}\u{323}")),
    ("check", math("\u{30c}")), ("crtilde", text("\u{34a}")), ("d", text("\u{323}")), ("ddddot", math("\u{20dc}")),
    ("dddot", math("\u{20db}")), ("ddot", math("\u{308}")), ("dot", math("\u{307}")),
    ("dottedtilde", text("\u{34b}")), ("doubletilde", text("\u{34c}")), ("f", text("\u{311}")),
    ("grave", math("\u{300}")), ("h", text("\u{309}")), ("hat", math("\u{302}")), ("k", text("\u{328}")),
    ("lfhook", text("\u{326}")), ("mathring", math("\u{30a}")), ("newtie", text("\u{311}")),
    ("ocirc", text("\u{30a}")), ("overbridge", text("\u{346}")), ("overleftarrow", math("\u{20d6}")),
    ("overline", math("\u{304}")), ("overrightarrow", math("\u{20d7}")), ("polhk", text("\u{328}")),
    ("r", text("\u{30a}")), ("sliding", text("\u{362}")), ("soft", text("\u{30c}")), ("spreadlips", text("\u{34d}")),
    ("subcorner", text("\u{349}")), ("subdoublebar", text("\u{347}")), ("subdoublevert", text("\u{348}")),
    ("sublptr", text("\u{354}")), ("subrptr", text("\u{355}")), ("t", text("\u{311}")),
    ("textadvancing", text("\u{318}")), ("textcommaabove", text("\u{313}")), ("textcommaabover", text("\u{315}")),
    ("textcommabelow", text("\u{326}")), ("textdotbreve", text("\u{310}")), ("textdoublebreve", text("\u{35d}")),
    ("textdoublemacron", text("\u{35e}")), ("textdoublemacronbelow", text("\u{35f}")),
    ("textdoubletilde", text("\u{360}")), ("textdoublevbaraccent", text("\u{30e}")),
    ("textinvsubbridge", text("\u{33a}")), ("textlangleabove", text("\u{31a}")),
    ("textlefthalfring", text("\u{351}")), ("textlowering", text("\u{31e}")), ("textlstrikethru", text("\u{338}")),
    ("textlstrokethru", text("\u{336}")), ("textogonekcentered", text("\u{328}")), ("textovercross", text("\u{33d}")),
    ("textoverw", text("\u{34a}")), ("textraising", text("\u{31d}")), ("textretracting", text("\u{319}")),
    ("textrevcommaabove", text("\u{314}")), ("textrightarrowhead", text("\u{350}")),
    ("textrighthalfring", text("\u{357}")), ("textrighthorn", text("\u{31b}")),
    ("textrightuparrowhead", text("\u{356}")), ("textseagull", text("\u{33c}")), ("textsstrikethru", text("\u{337}")),
    ("textsubacute", text("\u{317}")), ("textsubarch", text("\u{32f}")), ("textsubbar", text("\u{320}")),
    ("textsubbreve", text("\u{32e}")), ("textsubbridge", text("\u{32a}")), ("textsubcircnum", text("\u{32d}")),
    ("textsubgrave", text("\u{316}")), ("textsublhalfring", text("\u{31c}")), ("textsubminus", text("\u{320}")),
    ("textsubplus", text("\u{31f}")), ("textsubrhalfring", text("\u{339}")), ("textsubring", text("\u{325}")),
    ("textsubsquare", text("\u{33b}")), ("textsubtilde", text("\u{330}")), ("textsubumlaut", text("\u{324}")),
    ("textsubw", text("\u{32b}")), ("textsubwedge", text("\u{32c}")), ("textsuperimposetilde", text("\u{334}")),
    ("textsyllabic", text("\u{329}")), ("texttoptiebar", text("\u{361}")), ("textturncommaabove", text("\u{312}")),
    ("textundertie", text("\u{32e}")), ("textvbaraccent", text("\u{30d}")), ("tilde", math("\u{303}")),
    ("u", text("\u{306}")), ("udot", text("\u{323}")), ("underbar", math("\u{331}")), ("v", text("\u{30c}")),
    ("vec", math("\u{20d7}")), ("whistle", text("\u{34e}")), ("widecheck", math("\u{30c}")),
    ("widehat", math("\u{302}")), ("widetilde", math("\u{303}")), ("~", text("\u{303}")),
];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [TEXT.as_slice(), &MATH, &CYRILLIC, &JOURNALS, &OPERATORS] {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0));
        }
        assert!(ACCENTS.is_sorted_by(|a, b| a.0 < b.0));
    }

    /// Every row of the symbols: its name and what it is written as.
    pub(in super::super) fn rows() -> impl Iterator<Item = (String, &'static str)> {
        let named = TEXT.iter().chain(&MATH).chain(&JOURNALS).map(|(name, text)| ((*name).to_owned(), *text));
        let large = CYRILLIC.iter().map(|(name, both)| (format!("CYR{name}"), &both[..2]));
        let small = CYRILLIC.iter().map(|(name, both)| (format!("cyr{}", name.to_ascii_lowercase()), &both[2..]));
        named.chain(large).chain(small)
    }

    /// The names of all accents and operators.
    pub(in super::super) fn other_names() -> impl Iterator<Item = &'static str> {
        ACCENTS.iter().map(|(name, ..)| *name).chain(OPERATORS.iter().map(|(name, _)| *name))
    }

    #[test]
    fn letters_raised_lowered_and_struck() {
        let cases = [("10-", b'^', Some("¹⁰⁻")), ("n+1", b'^', Some("ⁿ⁺¹")), ("th", b'^', None), ("max", b'_', None)];
        for (text, sign, expected) in cases {
            assert_eq!(small(text, sign).as_deref(), expected, "{text}");
        }
        assert_eq!("ARz1+".chars().map(double_struck).collect::<String>(), "𝔸ℝ𝕫𝟙+");
    }

    #[test]
    fn dingbats_by_number() {
        let cases = [
            ("33", '✁'),
            ("51", '✓'),
            ("\"33", '✓'),
            ("2A", '☛'),
            ("254", '➾'),
            ("168", '♣'),
            ("192", '➀'),
            ("213", '→'),
        ];
        for (number, expected) in cases {
            assert_eq!(ding(number), Some(expected), "{number}");
        }
        for number in ["", "x", "32", "127", "240", "255", "99999999999"] {
            assert_eq!(ding(number), None, "{number}");
        }
    }
}
