//! Keys, clusters and bare identifiers.

use super::super::*;
use super::check;

#[test]
fn keys_follow_the_rules_of_pandoc() {
    check("@smith says, @doe2020_b. (@x)", &["@smith", "@doe2020_b", "@x"]);
    check("@smith. @smith: @smith, @smith; @smith?", &["@smith"; 5]);
    check("@foo--bar @foo.-bar @foo-bar", &["@foo", "@foo", "@foo-bar"]);
    check(
        "@DBLP:conf/x/Y99 @a.b#c$d%e&f-g+h?i~j/k @_u @9to5",
        &["@DBLP:conf/x/Y99", "@a.b#c$d%e&f-g+h?i~j/k", "@_u", "@9to5"],
    );
    check("@http://x.y/z @a:b", &["@http://x.y/z", "@a:b"]);
    check("@Łukasz99 @王2020 (见@李)", &["@Łukasz99", "@王2020"]);
    check("@{odd key} @{https://x.y/a?b={c}} @{a}b", &["@odd key", "@https://x.y/a?b={c}", "@a"]);
    check("@{} @{ } @{a\nb} @ @. @-x @#x", &[]);
    check("{{repository}}@{{commit | truncate(7)}} [{{a}}@{{b}}](c) @{a{b}}", &["@a{b}"]);
    check("-@smith --@doe a-@b \\-@c", &["[@smith", "@doe", "@b", "@c"]);
    check("*@a* **@b** ~~@c~~ ==@d== \"@e\" '@f' @g's _@h_", &["@a", "@b", "@c", "@d", "@e", "@f", "@g", "@h_"]);
    check("@a<br>@b</i> @c<d", &["@a", "@b", "@c"]);
}

#[test]
fn suppressed_authors_are_reported() {
    let note = "-@smith --@doe a-@b [-@c; see @d]";
    let told: Vec<_> = parse(note).citations.iter().map(|it| (&note[it.range.clone()], it.suppress_author)).collect();
    assert_eq!(told, [("-@smith", true), ("@doe", false), ("@b", false), ("-@c", true), ("@d", false)]);
}

#[test]
fn addresses_and_escapes_are_no_keys() {
    check("a@b.org me.too@b.org <a@b.org> ü@b \\@key @@ @@a x_@b 1@2", &[]);
    check("\\\\@key [\\@a] __init__@b", &["@key"]);
    check("`@a` $@b$ <!-- @c --> <b t='@d'> https://x.y/@e [t](@f) ![i](a@g '@h')", &[]);
    check("```\n@a\n```\n\n    @b\n\n---\n", &[]);
    check("---\na: \"@x\"\n---\n@Orca\n", &["@Orca"]);
    check("costs $5 @smith and 6$", &["@smith"]);
}

#[test]
fn clusters_hold_items() {
    check("[@a]", &["[@a"]);
    check("[see @a, pp. 33-35; also @b, ch. 1; -@c]", &["[@a", "[@b", "[@c"]);
    check("[@a;\n@b] and @c", &["[@a", "[@b", "@c"]);
    check("> [@a;\n> see @b]\n", &["[@a", "[@b"]);
    check("[[@a]]", &["@a"]);
    check("[[@a] x]", &["@a"]);
    check("| [@a; @b] | `[@c]` |\n|---|---|\n| [@d] | @e |\n", &["[@a", "[@b", "[@d", "@e"]);
    check("[@a and @b]", &["[@a", "@b"]);
    check("[no key; @a]", &["@a"]);
    check("[@a; [nested @b] x]", &["@a", "[@b"]);
    check("[see [the] @a]", &["[@a"]);
    check("[@a `;` `]` \\; \\] <b c=';'>]", &["[@a"]);
    check("[@a", &["@a"]);
    check("[@a]: said so\n", &["[@a"]);
    check("[@a][@b] [@c][^1] [@d](e", &["[@a", "[@b", "[@c", "[@d"]);
    check("![@a]", &["[@a"]);
    check("[see [[Orca]] and @a]", &["Orca", "@a"]);
    check("[@a, arXiv:2306.02707]", &["[@a", "arxiv arXiv:2306.02707"]);
}

#[test]
fn footnotes_and_links_are_no_clusters() {
    check("^[see @a] [^1] x\n\n[^1]: @b and [@c]\n", &["@a", "@b", "[@c"]);
    check("[text @a](x) ![alt @b](y) [ref @c][d] [span @e]{.red}", &["@a", "@b", "@c", "@e"]);
    // The label of a footnote is no text, and neither are attributes.
    check("[^@a] x\n\n[^@a]: text\n", &[]);
    check("[^1]: text\n[^@b]: @c\n", &["@c"]);
    check("[a b]{title=\"@a\"} ![c](x.png){fig-alt=\"@b\" .w} `x`{k=@c} {@d} {#id data-x='@e'}", &["@d"]);
    check("# Head {#id data-x=\"@a\"}\n\n::: {.note title=\"@b\"}\n@c\n:::\n", &["@c"]);
    check("{} @a {x} @b {a=} @c {=html} @d {.a @e}", &["@a", "@b", "@c", "@d", "@e"]);
}

/// The prefix, locator and suffix of every citation.
fn around(note: &str) -> Vec<(String, String, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    parse(note).citations.iter().map(|it| (text(&it.prefix), text(&it.locator), text(&it.suffix))).collect()
}

#[test]
fn what_stands_around_a_key_is_kept() {
    let one = |note: &str| {
        let (prefix, locator, suffix) = around(note).remove(0);
        format!("{prefix}|{locator}|{suffix}")
    };
    assert_eq!(one("[@a]"), "||");
    assert_eq!(one("[see @a, p. 3]"), "see|p. 3|");
    assert_eq!(one("[@a, pp. 4--5, 7 and elsewhere]"), "|pp. 4--5, 7|and elsewhere");
    assert_eq!(one("[@a 33]"), "|33|");
    assert_eq!(one("[@a, § 2.1]"), "|§ 2.1|");
    assert_eq!(one("[@a, chap. iv]"), "|chap. iv|");
    assert_eq!(one("[@a, vol. 1, p. 2]"), "|vol. 1, p. 2|");
    assert_eq!(one("[@a, passim]"), "||passim");
    assert_eq!(one("[@a, notes on it]"), "||notes on it");
    assert_eq!(one("[@a{ii, A, D-Z}, with more]"), "|ii, A, D-Z|with more");
    assert_eq!(one("[see\n  also @a,\n  p.\n  3]"), "see also|p. 3|");
    assert_eq!(one("@a [p. 3]"), "|p. 3|");
    assert_eq!(one("@a [and so on]"), "||");
    assert_eq!(one("@a [p. 3](x)"), "||");
    assert_eq!(around("[@a, p. 1; e.g. -@b]")[1].0, "e.g.");
}

#[test]
fn clusters_know_where_they_stand() {
    let note = "é\n> see [@a;\n> -@b, p. 3] ok\n";
    let parsed = parse(note);
    let sources: Vec<_> = parsed.citations.iter().map(|it| &note[it.range.clone()]).collect();
    assert_eq!(sources, ["@a", "-@b"]);
    for citation in &parsed.citations {
        assert_eq!(&note[citation.cluster.clone().unwrap()], "[@a;\n> -@b, p. 3]");
    }
    assert_eq!(parsed.citation_at(note.find("p. 3").unwrap()), None);
}

#[test]
fn arxiv_ids_are_found_in_prose() {
    let ids = [
        "arXiv:2306.02707",
        "arXiv:2306.02707v2",
        "ARXIV:2306.02707",
        "arXiv: 2306.02707",
        "arXiv:hep-th/9901001",
        "arXiv:math.AG/0601001v1",
        "https://arxiv.org/abs/2306.02707v2",
        "http://www.arxiv.org/pdf/2306.02707v1.pdf",
        "HTTPS://export.arxiv.org/abs/hep-th/9901001",
        "https://arxiv.org/abs/2306.02707?context=cs#top",
        "arxiv.org/abs/2306.02707",
        "https://huggingface.co/papers/2306.02707",
        "https://doi.org/10.48550/arXiv.2306.02707",
    ];
    for id in ids {
        let shown = format!("arxiv {id}");
        for around in
            ["‸", "see ‸.", "(‸)", "‸, ‸; ‸:", "\"‸\" '‸'", "**‸**", "_‸_", "[‸]", "| ‸ |", "见‸。", "‸ [cs.CL]"]
        {
            let count = around.matches('‸').count();
            check(&around.replace('‸', id), &vec![shown.as_str(); count]);
        }
        check(&format!("`{id}` <!-- {id} --> [t](<{id}>) <b a='{id}'> $x {id}$"), &[]);
    }
    check(
        "<https://arxiv.org/abs/2306.02707> <arXiv:2306.02707>",
        &["arxiv https://arxiv.org/abs/2306.02707", "arxiv arXiv:2306.02707"],
    );
    check(
        "[https://arxiv.org/abs/2306.02707](https://arxiv.org/abs/2306.02707)",
        &["arxiv https://arxiv.org/abs/2306.02707"],
    );
}

#[test]
fn dois_are_found_in_prose() {
    let dois = [
        "doi:10.1000/xyz",
        "DOI: 10.1000/xyz",
        "https://doi.org/10.1000/xyz",
        "http://dx.doi.org/10.1000%2Fxyz",
        "doi.org/10.1000/xyz",
        "doi:10.1016/S0140-6736(05)66912-8",
        "https://doi.org/10.1016/S0140-6736(05)66912-8",
        "doi:10.1002/(SICI)1097-4636(199823)43:4<1::AID-1>3.0.CO;2-X",
        "https://doi.org/10.1002/(SICI)1097-4636(199823)43:4<1::AID-1>3.0.CO;2-X",
    ];
    for doi in dois {
        let shown = format!("doi {doi}");
        for around in ["‸", "see ‸.", "(‸)", "‸, ‸;", "\"‸\"", "*‸*", "[‸]", "<b>‸</b>", "‸<br>x"] {
            let count = around.matches('‸').count();
            check(&around.replace('‸', doi), &vec![shown.as_str(); count]);
        }
    }
    check("<https://doi.org/10.1000/xyz>", &["doi https://doi.org/10.1000/xyz"]);
    check(
        "info:doi/10.1000/x urn:doi:10.1000/y doi:https://doi.org/10.1000/z",
        &["doi doi:10.1000/y", "doi https://doi.org/10.1000/z"],
    );
}

#[test]
fn what_is_no_identifier_is_none() {
    check("arXiv: arXiv:x arXiv:2306 arXiv:2306.02707x xarXiv:2306.02707 the arXiv", &[]);
    check("https://arxiv.org/list/cs.CL https://arxiv.org https://example.org/abs/2306.02707", &[]);
    check("doi: doi:10 doi:10.1000 doi:10.1000/ https://doi.org 10.1000/xyz 2306.02707 doi:10.1000/a\\_b", &[]);
    check("x.doi.org/10.1000/y my-arxiv.org/abs/2306.02707", &[]);
    check("https://x.y/?u=https://arxiv.org/abs/2306.02707", &[]);
    check("\\arXiv:2306.02707", &["arxiv arXiv:2306.02707"]);
}

#[test]
fn a_plain_citation_has_one_reading() {
    for note in ["@a#b", "[@{a|b#c}]", "doi:10.1000/a#b"] {
        let parsed = parse(note);
        let readings = &parsed.citations[0].readings;
        assert_eq!(readings.len(), 1);
        assert_eq!(readings[0].name, parsed.citations[0].target);
    }
}
