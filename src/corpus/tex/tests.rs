#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;

#[test]
fn tex_becomes_what_people_read() {
    let cases = [
        (r#"Schr\"odinger"#, "Schrödinger"),
        (r#"Schr{\"o}dinger and G{\"{o}}del"#, "Schrödinger and Gödel"),
        (r"Poincar\'e, Poincar\'{e}, caf\' e", "Poincaré, Poincaré, café"),
        (r"\v{C}ech, \v Cech, Erd\H{o}s, \c{C}elik, Fran\c cois", "Čech, Čech, Erdős, Çelik, François"),
        (r#"na\"{\i}ve na{\"\i}ve"#, "naïve naïve"),
        (r#"Stra\ss e, stra{\ss}e, \O{}re, S\o ren, \AA ngstr\"om"#, "Straße, straße, Øre, Søren, Ångström"),
        (r"Nguy{\~\^e}n", "Nguyễn"),
        (r"$\alpha$-decay of $L_2$ norms", "α-decay of L₂ norms"),
        (r"$\mathcal{O}(n)$ and \mathcal{O}(n)", "O(n) and O(n)"),
        (r"$10^{-3}$, $x^{n+1}$, $e^{i\pi}$, $x_{max}$, $n^2$", "10⁻³, xⁿ⁺¹, e^iπ, x_max, n²"),
        (r"$\sqrt{s}=13$ TeV, $\frac{1}{2}$, $\frac{a+b}{c}$", "√s=13 TeV, 1/2, (a+b)/c"),
        (r"$\{0,1\}^n$ and {0,1}", "{0,1}ⁿ and {0,1}"),
        (r"$\hat{x} \to \infty$, $\bar\nu_\mu$", "x̂ → ∞, ν̄_μ"),
        (r"Fig.~3, Smith~et~al., ~100 and (~5)", "Fig. 3, Smith et al., ~100 and (~5)"),
        (r"pages 3--5 --- or --help", "pages 3–5 — or --help"),
        (r"``quoted'' and 5''", "“quoted” and 5''"),
        (r"\emph{very} \textbf{bold {\em indeed}} {\bf x}", "very bold indeed x"),
        (r"50\% of R\&D \$5", "50% of R&D $5"),
        (r"costs $5 and $10 million", "costs $5 and $10 million"),
        (r"a $ x$ and 6$", "a $ x$ and 6$"),
        (r"{BERT}: {P}re-training", "BERT: Pre-training"),
        (r"C:\nosuch \foobar{x}", r"C:\nosuch \foobarx"),
        (r"\(x^2\) and \[y\]", "x² and y"),
        (r"$f'(x)$, $90^\circ$", "f′(x), 90°"),
        (r"\url{https://a.b/~c} \href{https://a.b}{here}", "https://a.b/~c here"),
    ];
    for (written, read) in cases {
        assert_eq!(readable(written), read, "{written}");
    }
}

#[test]
fn plain_text_is_not_copied() {
    for plain in ["", "Orca: Progressive Learning", "naïve, well-known, 5 > 3"] {
        assert!(matches!(readable(plain), Cow::Borrowed(text) if text == plain), "{plain}");
    }
}

#[test]
fn what_does_not_end_is_kept() {
    for broken in [r"a { b", r"a $x", r"\", r"a\'", "x }", r"\(x", "$", "$$", r"\frac", "{{{{"] {
        let read = readable(broken);
        assert!(read.len() <= broken.len() + 4, "{broken}: {read}");
    }
    let deep = "{".repeat(1000) + "x" + &"}".repeat(1000);
    assert!(readable(&deep).contains('x'));
}

#[test]
fn work_grows_with_the_text_and_no_faster() {
    for part in ["{", "$x ", r"\(", r"\'{", "$_", r"\frac{", "{a}$", "$$"] {
        let text = part.repeat(1 << 16);
        let mut writer = Writer { out: String::new(), depth: 0, budget: text.len() * 8 };
        writer.text(&text);
        assert!(writer.out.len() <= text.len() * 4, "{part}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in r#"([\\${}~'`"^_ a-zé-]|\\[a-z]{1,6}){0,60}"#) {
        let read = readable(&text);
        prop_assert!(read.len() <= text.len() * 8 + 64);
    }

    #[test]
    fn words_survive(text in "[a-z ]{0,30}") {
        let written = format!("{text}$x$");
        prop_assert_eq!(readable(&written), format!("{text}x"));
    }
}
