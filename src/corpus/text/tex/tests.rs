#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// How both entrances read a text, which has to be the same.
fn both(tex: &str) -> String {
    let certain = readable(tex);
    assert_eq!(one_line(&readable_if_tex(tex)), certain, "{tex}");
    certain
}

#[test]
fn accents_in_every_writing() {
    let cases = [
        (
            r#"Schr\"odinger Schr{\"o}dinger Schr{\"{o}}dinger Schr\"{o}dinger"#,
            "Schrödinger Schrödinger Schrödinger Schrödinger",
        ),
        (r"\'{c} \'c {\'c} \' c Poincar\'e, caf\' e", "ć ć ć ć Poincaré, café"),
        (r"Nguy{\~\^e}n Nguy\~{\^e}n Nguy\~{\^{e}}n", "Nguyễn Nguyễn Nguyễn"),
        (r"\v{c} {\v c} \c{c} \c c Ho\v rava \v{S} Fran\c cois", "č č ç ç Hořava Š François"),
        (r#"Garc\'\i a Garc{\'\i}a Garc{\'{\i}}a na\"{\i}ve d\i t"#, "García García García naïve dıt"),
        (r"Erd\H{o}s, \k{a}, \r{u}, \u{g}, \.{I}, \={a}, \d{s}, \b{d}, \k{\i}", "Erdős, ą, ů, ğ, İ, ā, ṣ, ḏ, į"),
        (r"S\=am\={\i}te It\=o \d{\'{o}} \.{\d s}", "Sāmīte Itō ọ́ ṩ"),
        (r"Stra\ss e, Stra{\ss}e, \O rsted, {\L}ukasz, \AA rhus \aa", "Straße, Straße, Ørsted, Łukasz, Århus å"),
        (r"\t{oo} \t{\i}a \t o Timi\textcommabelow{s}oara", "o͡o ȋa ȏ Timișoara"),
        (r"(11\=22) \polhk{e} \cfac{a} \ocirc{u} \soft{d} \cprime", "(112̄2) ę ấ ů ď ʹ"),
        (r"\accent19 e \accent'27u \accent127 {o}", "é ů ö"),
        (r"{\cyrchar\CYRA\cyrchar\cyrn\cyrchar\cyra} \u{\cyri} \U\CYRZH", "Ана й Ӂ"),
        ("already größe", "already größe"),
    ];
    for (tex, expected) in cases {
        assert_eq!(both(tex), expected, "{tex}");
    }
}

#[test]
fn commands_of_running_text() {
    let cases = [
        (
            r"\textit{C. elegans} \emph{a} {\it b} \textsc{Mocha} {\bf c} \textbf{d {\em e}}",
            "C. elegans a b Mocha c d e",
        ),
        (r"On {\textit Alces alces} and {\cal NP} and {\sltt DVI}", "On Alces alces and NP and DVI"),
        (r"On {\it K}-Theory, \emph x, {\nosuchfont X Y}", "On K-Theory, x, X Y"),
        (r"Lattice {\tt QCD} at \LARGE size", "Lattice QCD at size"),
        (r"\title footnotes\footnote{Supported by X} in titles\thanks{To Y}", "footnotes in titles"),
        (r"as shown \cite{x}, see \cite[p.~3]{y}. \label{z}", "as shown, see."),
        (r"Sums \texorpdfstring{$\alpha$}{alpha} in \foreignlanguage{german}{Sommer}", "Sums α in Sommer"),
        (r"Methodology\hyphen independent 1\bibrangedash 2", "Methodology-independent 1–2"),
        (r"\href{http://x.y/~z}{text} \textcolor{red}{X} \hyperref[sec]{there}", "text X there"),
        (r"\enquote{a \enquote{b}} \mkbibquote{c} \enquote*{d} \mkbibparens{e}", "“a ‘b’” “c” ‘d’ (e)"),
        (r"\uppercase{big} \MakeLowercase{SMALL} letters in \foo{bar} commands", "BIG small letters in bar commands"),
        (
            r"R\&D \% \_ \# \$5 \{x\} \LaTeX\ and \BibTeX{} by \MyTool: 25\@.",
            "R&D % _ # $5 {x} LaTeX and BibTeX by MyTool: 25.",
        ),
        (r"20\textsuperscript{th} H\textsubscript{2}O 2\textsuperscript{e} \textsuperscript{TM}", "20th H₂O 2e ™"),
        (r"\char65\char 66 \char'103\char`\\smash \symbol{233} \symbol{`\x} \char", r"ABC\smash é x"),
        (r"\char34\ \unichar{9786} \ding{51} \tone{51} \verb|a_b|", "\" ☺ ✓ ˥˩ a_b"),
        (r"DVIto\kern-.1em VDU, \raise.25ex\hbox{c}, a\hskip 1em plus 2pt b", "DVItoVDU, c, ab"),
        (r"M\,31, pre\-{C}olumbian, it\/, back\\slash, a\quad b", "M 31, preColumbian, it, back slash, a b"),
        (r"\copyright 2020 \S 5 \LaTeX users \ldots\ x", "©2020 §5 LaTeX users … x"),
        (
            r"At 5{\textcelsius}, 3{\textperthousand}, {\textonehalf} {\textohm} {\textcent} {\textmicro}",
            "At 5℃, 3‰, ½ Ω ¢ µ",
        ),
        (r"{BERT}: {P}re-training {\`a} la", "BERT: Pre-training à la"),
        (r#"COIN\@AAMAS \"Big Bill\" of M\"{u}ller, \"Uber"#, r#"COIN@AAMAS "Big Bill" of Müller, Über"#),
        (r"\emphlearning \mboxd x", "learning d x"),
        (r"\{\vphantom{\}}GaAs\vphantom\{\}", "{GaAs}"),
    ];
    for (tex, expected) in cases {
        assert_eq!(both(tex), expected, "{tex}");
    }
}

#[test]
fn marks_between_words() {
    let cases = [
        ("Figure~1, Smith~et~al.", "Figure 1, Smith et al."),
        ("pages 3--5 --- or a---b-c", "pages 3–5 — or a—b-c"),
        ("``Attention'' `all' you'd, the `dogs'.", "“Attention” ‘all’ you'd, the ‘dogs’."),
        ("Effects of ``quoted'' words in `titles'", "Effects of “quoted” words in ‘titles’"),
        (r"\url{http://a.b/~c_d%20--e} \path{C:\x}", r"http://a.b/~c_d%20--e C:\x"),
    ];
    for (tex, expected) in cases {
        assert_eq!(both(tex), expected, "{tex}");
    }
}

#[test]
fn formulas() {
    let cases = [
        (r"$\alpha$-decay of $L_2$ norms, H$_2$O and CO$_{2}$", "α-decay of L₂ norms, H₂O and CO₂"),
        (
            r"$\mathcal{O}(n\log n)$, $\log_2n$, $2\sin\theta$, $\operatorname{rank} A$",
            "O(n log n), log₂n, 2 sin θ, rank A",
        ),
        (r"$\mathbb{R}^n$ with $\ell_1$, $\Bbb Z$, $\mathbf{A}\in\mathbb{R}^{d}$", "ℝⁿ with ℓ₁, ℤ, A∈ℝ^d"),
        (
            r"$10^{-3}$, $x^{n+1}$, $e^{i\pi}$, $x_{max}$, $n^2$, $\pi_{0.5}$, $20^{th}$",
            "10⁻³, xⁿ⁺¹, e^iπ, x_max, n², π_0.5, 20th",
        ),
        (r"$\sqrt{s}=13$ TeV, $\sqrt[3]{x}$, $\sqrt{n+1}$, $\sqrt{10}$", "√s=13 TeV, ∛x, √(n+1), √10"),
        (
            r"$\frac{1}{2}$, $\frac12$, $2\frac{1}{2}$, $\frac{a+b}{c}$, $\binom{n}{k}$",
            "1/2, 1/2, 2 1/2, (a+b)/c, (n choose k)",
        ),
        (r"$\{0,1\}^n$, $M_{g,n}$, $\pi^{\pm}$", "{0,1}ⁿ, M_(g,n), π^±"),
        (
            r"$\hat{x} \to \infty$, $\bar\nu_\mu$, $b\bar{b}$, $\widetilde{M}$, $\overline{\mathbb{Q}}$",
            "x̂ → ∞, ν̄_μ, bb̄, M̃, ℚ̄",
        ),
        (r"$3 \times 3$, $x \leq y$, $\mu m$, $\Delta E$, $\alpha < 3$", "3 × 3, x ≤ y, μm, ΔE, α < 3"),
        (
            r"Sets $A \not\subset B$, $a \bmod b$, $\nsubseteq$, $\Alpha$-chains, $\not=$",
            "Sets A ⊄ B, a mod b, ⊈, Α-chains, ≠",
        ),
        (
            r"\(k\)-means, \[x^2\] and $$y$$, $f'(x)$, $f''$, $25\,^\circ\mathrm{C}$",
            "k-means, x² and y, f′(x), f″, 25 °C",
        ),
        (r"$\text{AdS}_5 \times S^5$, $\text{a--b}$, \ensuremath{\beta}, \upmu, \textalpha", "AdS₅ × S⁵, a–b, β, μ, α"),
        (r"Scaling with $10^{-3}$ and $\sim 5\%$ Errors at $z\sim2$", "Scaling with 10⁻³ and ∼ 5% Errors at z∼2"),
        (r"$\left( 000\bar{1} \right)$, $\left. x \right|_0$, ${}^{3}$He", "(0001̄), x |₀, ³He"),
        (r"\begin{equation*}E=mc^2\end{equation*}, \textbackslash{} and $\backslash$", r"E=mc², \ and \"),
        (r"Costs of \$5 to \$6, costs $5 to $10, only $5", "Costs of $5 to $6, costs $5 to $10, only $5"),
    ];
    for (tex, expected) in cases {
        assert_eq!(both(tex), expected, "{tex}");
    }
}

#[test]
fn what_only_tex_is_read_as_tex() {
    let cases = [
        ("``Hidden'' 5'' ?`Que? !`No!", "“Hidden” 5” ¿Que? ¡No!", "“Hidden” 5'' ?`Que? !`No!"),
        (r"by \MyTool and C:\notes\new", "by MyTool and C:notesnew", r"by MyTool and C:\notes\new"),
        ("~100 and (~5), http://a/~b", "100 and ( 5), http://a/~b", "~100 and (~5), http://a/~b"),
        ("use --help", "use –help", "use --help"),
        ("{0,1} and {}", "0,1 and", "{0,1} and {}"),
        ("unbalanced } and {", "unbalanced and", "unbalanced } and {"),
        ("a $ x$ and 6$", "a x and 6$", "a $ x$ and 6$"),
        ("`code` in `marks`", "‘code‘ in ‘marks‘", "`code` in `marks`"),
        (r"a\nb \1 x_y^z", "anb 1 x_y^z", r"a\nb \1 x_y^z"),
        (r"\~{}user \^{} \'", "~user ^", r"~user ^ \'"),
    ];
    for (text, certain, perhaps) in cases {
        assert_eq!(readable(text), certain, "{text}");
        assert_eq!(readable_if_tex(text), perhaps, "{text}");
    }
}

#[test]
fn plain_text_is_not_copied() {
    for plain in ["", "Orca: Progressive Learning", "naïve, well-known, 5 > 3", "two  spaces\n"] {
        assert!(matches!(readable_if_tex(plain), Cow::Borrowed(text) if text == plain), "{plain}");
    }
}

#[test]
fn addresses_keep_what_tex_would_change() {
    let cases = [
        (r"https://a.b/x\_y{\_}z\%20~u--v", "https://a.b/x_y_z%20~u--v"),
        (r"Available at \url{http://a.b/c}.", "http://a.b/c"),
        (r"\href{http://a.b/{c}}{here} \url{", "http://a.b/c"),
        (r"http://a.b/$\sim$u/{\textasciitilde}v/\textasciitilde w\textunderscore{}x", "http://a.b/~u/~v/~w_x"),
        (r"http\://a.b/c d.pdf", "http://a.b/c d.pdf"),
        ("http://a.b/\n   c/\r\n d", "http://a.b/c/d"),
        ("see\n 10.1/x", "see10.1/x"),
        ("see it:\n 10.1/x", "see it: 10.1/x"),
        (r"C:\Users\x", r"C:\Users\x"),
        ("  plain ", "plain"),
    ];
    for (tex, expected) in cases {
        assert_eq!(verbatim(tex), expected, "{tex}");
    }
}

/// The commands that a preamble defines.
fn macros_of(preamble: &str) -> Macros {
    let mut macros = Macros::default();
    macros.add(preamble);
    macros
}

#[test]
fn files_define_commands() {
    let preamble = r"
        \newcommand{\Dash}{---} \renewcommand\pair[2]{#2 & #1} \providecommand*{\noopsort}[1]{}
        \def\germ{\frak} \def\twice#1{#1#1} \newcommand{\hello}[2][you]{#1, #2} \DeclareMathOperator{\Hom}{Hom}
        \providecommand{\emph}[1]{no} \def\cprime{$'$} \newcommand{\SortNoop}[1]{}
        \def\polhk#1{\setbox0=\hbox{#1}{\ooalign{\hidewidth\lower1.5ex\hbox{`}\hidewidth\crcr\unhbox0}}}
        \newcommand{\broken}[x]{y} \newcommand{\open}{ \def\till#1.{z}";
    let macros = macros_of(preamble);
    let cases = [
        (r"Wings\Dash a study{\Dash}2\Dash{}3", "Wings—a study—2—3"),
        (r"\pair{a}{\emph{b}} \pair xy \pair", "b & a y & x &"),
        (r"{\noopsort{b}}Title \twice{\'e} \hello{x} \hello[we]{y}", "Title éé you, x we, y"),
        (r"{\germ g} $2\Hom A$ \emph{kept} Il\cprime in \polhk{e} \open \till", "g 2 Hom A kept Il′in ę open till"),
    ];
    for (tex, expected) in cases {
        assert_eq!(readable(&macros.expanded(tex)), expected, "{tex}");
    }
    for nothing in ["", "\\newcommand no { definition", r"\def\x{open"] {
        assert_eq!(macros_of(nothing).expanded(r"a\x b"), r"a\x b", "{nothing}");
    }
}

#[test]
fn commands_that_grow_without_end_end() {
    let preamble =
        r"\def\a{\a\a} \def\b#1{\b{#1#1}} \def\c{\d x\d}\def\d{\c y\c} \newcommand{\e}[9]{#1#2#3#4#5#6#7#8#9\e#1#2}";
    let macros = macros_of(preamble);
    for tex in [r"\a z", r"\b{x} z", r"\c z", r"\e123456789 z"] {
        let text = readable(&macros.expanded(&tex.repeat(50)));
        assert!(text.ends_with('z') && text.len() < 1 << 18, "{tex}: {}", text.len());
    }
}

/// Every name of biber's tables, and the characters it stands for.
fn names_of_biber() -> impl Iterator<Item = (&'static str, &'static str, String)> {
    include_str!("biber.txt").lines().flat_map(|line| {
        let (kind, rows) = line.split_once(' ').unwrap();
        rows.split(' ').map(move |row| {
            let (name, codes) = row.rsplit_once('=').unwrap();
            let codes = codes.split('+').map(|code| u32::from_str_radix(code, 16).unwrap());
            (kind, name, codes.map(|code| char::from_u32(code).unwrap()).collect())
        })
    })
}

#[test]
fn names_of_biber_are_read_as_biber_reads_them() {
    let mut count = 0;
    for (kind, name, written) in names_of_biber() {
        let (tex, expected) = match kind {
            "diacritics" => (format!("\\{name}{{o}}"), format!("o{written}")),
            "negatedsymbols" => (format!("$\\not\\{name}$"), written),
            "superscripts" => (format!("\\textsuperscript{{{name}}}"), written),
            "cmdsuperscripts" => (format!("\\textsuperscript{{\\{name}}}"), written),
            // The fonts number them in decimal; biber takes every number for a hexadecimal one.
            "dings" => (format!("\\ding{{\"{name}}}"), written),
            "punctuation" if name.starts_with('-') => (format!("x{name}"), format!("x{written}")),
            _ => (format!("{{\\{name}}}"), written),
        };
        let expected: String = unicode_normalization::UnicodeNormalization::nfc(expected.as_str()).collect();
        assert_eq!(both(&tex), one_line(&expected), "{tex}");
        count += 1;
    }
    assert!(count > 800, "{count}");
}

#[test]
fn every_row_of_the_tables_is_reached() {
    let mut names = std::collections::BTreeSet::new();
    for (name, written) in symbols::tests::rows() {
        let written: String = unicode_normalization::UnicodeNormalization::nfc(written).collect();
        assert_eq!(both(&format!("{{\\{name}}}")), one_line(&written), "{name}");
        assert!(commands::command(&name).is_none() && names.insert(name.clone()), "{name} has two meanings");
    }
    for name in symbols::tests::other_names() {
        assert!(names.insert(name.to_owned()), "{name} has two meanings");
    }
}

#[test]
fn what_does_not_end_is_kept() {
    for broken in
        [r"a { b", r"a $x", r"\", r"a\'", "x }", r"\(x", "$", "$$", r"\frac", "{{{{", r"\char", r"\verb|", r"\t{"]
    {
        for read in [readable(broken), readable_if_tex(broken).into_owned()] {
            assert!(read.len() <= broken.len() + 4, "{broken}: {read}");
        }
    }
    let deep = "{".repeat(1000) + "x" + &"}".repeat(1000);
    assert!(readable(&deep).contains('x') && readable_if_tex(&deep).contains('x'));
}

/// Quadratic work would take minutes.
#[test]
fn work_grows_with_the_text_and_no_faster() {
    let parts = [
        "{",
        "}",
        "$x ",
        r"\(",
        r"\'{",
        "$_",
        r"\frac{",
        "{a}$",
        "$$",
        r"\cite{",
        r"\verb|",
        "`a ",
        r#"\"a "#,
        r"\emph{",
        r"\footnote[",
        r"\'",
        r"\not",
        "\\begin{math}",
        "a^{",
    ];
    for part in parts {
        let text = part.repeat((1 << 16) / part.len());
        for read in [readable(&text), readable_if_tex(&text).into_owned()] {
            assert!(read.len() <= text.len() * 4, "{part}");
        }
        let macros = macros_of(&format!("\\def\\frac#1{{#1}}\\def\\cite{{}}{}", text.replace('{', "\\def\\x{")));
        assert!(macros.expanded(&text).len() <= text.len(), "{part}");
        assert!(verbatim(&text).len() <= text.len(), "{part}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(tex in r#"([\\${}~'`"^_&<\[\] a-zé-]|\\[a-zA-Z]{1,6}|\\(cite|frac|text|char|verb|not|t|begin)){0,60}"#) {
        let text = readable(&tex);
        prop_assert_eq!(one_line(&text), text);
        prop_assert!(readable_if_tex(&tex).len() <= tex.len() * 32 + 64);
        verbatim(&tex);
        let macros = macros_of(&format!("\\def\\a{{{tex}}}\\newcommand{{\\b}}[2][{tex}]{{#1#2}}{tex}"));
        readable(&macros.expanded(&format!("\\a\\b[x]{{y}}{tex}")));
    }

    #[test]
    fn text_that_means_nothing_to_tex_is_read_as_any(
        pieces in prop::collection::vec(r#"[-'^_&<>"%#@é \n]|[a-z ]{1,40}|[-']{1,3}|[{}$~`\\]"#, 0..12),
    ) {
        let text = pieces.concat();
        prop_assert_eq!(readable(&text), one_line(&Reader::new(&text, Dialect::Tex).read(&text)));
        let special = text.bytes().position(super::reader::may_be_special);
        prop_assert_eq!(super::reader::special_at(text.as_bytes()), special);
    }

    #[test]
    fn plain_words_stay_as_they_are(words in "[a-zA-Zé]{1,9}( [a-zA-Zé,.:]{1,9}){0,5}") {
        prop_assert_eq!(readable(&words), words.clone());
        let with_formula = format!("{words} $x$");
        prop_assert_eq!(readable_if_tex(&with_formula), format!("{words} x"));
    }
}
