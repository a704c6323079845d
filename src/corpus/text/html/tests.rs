use proptest::prelude::*;

use super::*;
use crate::corpus::text::one_line;

#[test]
fn markup_drops_and_text_stays() {
    let cases = [
        // entities
        ("caf&eacute; &amp; &#233;&#xE9;&#XE9;", "café & ééé"),
        ("&CounterClockwiseContourIntegral;&NotEqualTilde;&fjlig;", "∳≂\u{338}fj"),
        ("&#150;&#146;", "–’"),
        ("a&nbsp;b&thinsp;c", "a b c"),
        ("AT&T, R&D; &unknown; &; &#0; &#xD800; &#+65; &", "AT&T, R&D; &unknown; &; &#0; &#xD800; &#+65; &"),
        // tags
        ("The <i>E. coli</i> <b>genome</b>", "The E. coli genome"),
        ("one<br>two<br/>three<p>four</p>five", "one two three four five"),
        ("<span class=\"nocase\">NASA</span>", "NASA"),
        ("<SUB>x</SUB>y <I>z</I>", "xy z"),
        ("<scp>dna</scp> <jats:unknown-thing>x</jats:unknown-thing>", "dna x"),
        ("cut off <i", "cut off <i"),
        ("ends </i> alone", "ends alone"),
        ("<!-- a <b> comment -->x<!-- open", "x<!-- open"),
        ("<?xml version=\"1.0\"?>x", "x"),
        ("<![CDATA[a < b &amp; <i>c</i>]]> d", "a < b & c d"),
        ("x<script>var a = 1;</script>y<style>p {}</style>z", "xyz"),
        // text in angle brackets
        ("a < b and c > d", "a < b and c > d"),
        ("Vec<T> and Map<K, V>", "Vec<T> and Map<K, V>"),
        ("Vec<B> and <a> without end", "Vec<B> and <a> without end"),
        ("if x <i and y> z</i>", "if x <i and y> z"),
        ("p<0.05, n<p", "p<0.05, n<p"),
        ("<https://example.org>", "<https://example.org>"),
        ("f: <X, Y> → <ns:Z>", "f: <X, Y> → <ns:Z>"),
        ("<-> <=> << >>", "<-> <=> << >>"),
        // scripts
        ("H<sub>2</sub>O and 10<sup>−3</sup> m", "H₂O and 10⁻³ m"),
        ("20<sup>th</sup> E<sub>max</sub> x<sub>i</sub>", "20th Emax xᵢ"),
        ("Ca<sup>2+</sup> <jats:sup>13</jats:sup>C", "Ca²⁺ ¹³C"),
        ("<sup><i>2</i></sup>", "²"),
        ("x<sup>open", "xopen"),
        // escaped mark-up
        ("&lt;i&gt;E. coli&lt;/i&gt; &amp;amp; me", "E. coli & me"),
        ("&amp;lt;p&amp;gt;Deep&amp;lt;/p&amp;gt;", "Deep"),
        ("a &lt; b", "a < b"),
        ("&lt;T&gt;", "<T>"),
        // headings
        ("<jats:title>Abstract</jats:title><jats:p>We show.</jats:p>", "We show."),
        (" <jats:title>ABSTRACT:</jats:title> We show.", "We show."),
        ("<h3>Summary</h3>We show.", "We show."),
        (
            "<jats:sec><jats:title>Background</jats:title><jats:p>We ask.</jats:p></jats:sec><jats:sec><jats:title>What now?\
             </jats:title><jats:p>We show.</jats:p></jats:sec><jats:title>End</jats:title>",
            "Background: We ask. What now? We show. End",
        ),
        // formulas
        (
            "<mml:math><mml:msup> <mml:mi>x</mml:mi> <mml:mn>2</mml:mn> </mml:msup><mml:mo>=</mml:mo><mml:mfrac><mml:mn>1</mml:mn>\
             <mml:mrow><mml:mi>a</mml:mi><mml:mo>+</mml:mo><mml:mi>b</mml:mi></mml:mrow></mml:mfrac></mml:math> holds",
            "x²=1/(a+b) holds",
        ),
        (
            "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"><semantics><mrow><msubsup><mi>L</mi><mi>loc</mi><mn>2</mn></msubsup>\
             <mo>&#x2062;</mo><msqrt><mi>s</mi></msqrt></mrow><annotation encoding=\"application/x-tex\">L^2</annotation></semantics></math>",
            "L_loc²√s",
        ),
        ("<mml:mi>α</mml:mi>-decay", "α-decay"),
        (
            "<jats:alternatives><jats:tex-math>\\documentclass{minimal}\\begin{document}$$x^2$$\\end{document}</jats:tex-math>\
             <mml:math><mml:mi>x</mml:mi></mml:math></jats:alternatives>!",
            "x!",
        ),
        ("<alternatives><math><mi>x</mi></math><tex-math>x</tex-math></alternatives>!", "x!"),
    ];
    for (written, plain) in cases {
        assert_eq!(plain_text(written), plain, "{written}");
    }
}

#[test]
fn a_formula_in_tex_alone_stays_one() {
    let document = "<tex-math>\\documentclass{minimal} \\begin{document}$$\\alpha$$\\end{document}</tex-math>-decay";
    assert_eq!(plain_text(document), "$\\alpha$-decay");
}

#[test]
fn abstracts_need_not_say_that_they_are() {
    let cases = [
        ("Abstract: We show.", "We show."),
        ("ABSTRACT. We show.", "We show."),
        ("Summary — We show.", "We show."),
        ("Abstract interpretation is old.", "Abstract interpretation is old."),
        ("Abstract.", "Abstract."),
        ("We: show", "We: show"),
    ];
    for (written, plain) in cases {
        assert_eq!(without_heading(written), plain);
    }
}

#[test]
fn entities_have_lengths() {
    assert_eq!(entity("&amp;x"), Some(('&', 5)));
    assert_eq!(entity("&#65;"), Some(('A', 5)));
    assert_eq!(entity("&fjlig;"), None);
    assert_eq!(entity("&amp"), None);
    assert_eq!(entity("amp;"), None);
}

#[test]
fn entities_have_names() {
    assert!(super::NAMED_ENTITIES.is_sorted_by_key(|(name, _)| *name));
    for (name, letter) in [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("Abreve", 'Ă'), ("zwnj", '\u{200c}')]
    {
        assert_eq!(entity(&format!("&{name};")).map(|(letter, _)| letter), Some(letter), "{name}");
    }
    assert_eq!(entity("&nosuchname;"), None);
}

#[test]
fn damaged_markup_takes_time_in_proportion() {
    // Were it otherwise, this would take minutes.
    for piece in [
        "<",
        "<i",
        "<a href=\"",
        "<!--",
        "<![CDATA[",
        "<sup>",
        "</sup>",
        "<mml:msup>",
        "&",
        "<?",
        "&lt;",
        "<h1> ",
        "<p a=b ",
    ] {
        let text = format!("{}{}", " ".repeat(20_000), piece.repeat(20_000));
        assert!(plain_text(&text).len() <= text.len(), "{piece}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "(<|>|/|i|sup|sub|p|b|mml:msup|mml:mi|alternatives|tex-math|title|&|amp;|#x41;|!--|-->| |é){0,40}") {
        let plain = plain_text(&text);
        prop_assert_eq!(one_line(&plain), plain);
    }

    #[test]
    fn text_without_markup_stays(text in "[a-zA-Z <>=.,é]{0,40}") {
        prop_assume!(!text.contains("<a") && !text.contains("<b") && !text.contains("<i") && !text.contains("<p") && !text.contains("<q") && !text.contains("<s") && !text.contains("<u"));
        prop_assume!(!text.contains("</"));
        let has_no_tag = text.match_indices('<').all(|(at, _)| tags::tag(&text[at..], |_| true).is_none());
        prop_assume!(has_no_tag);
        prop_assert_eq!(plain_text(&text), one_line(&text));
    }
}
