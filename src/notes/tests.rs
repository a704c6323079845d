#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cursor;
mod hostile;
mod large;
mod properties;
mod spellings;

use super::*;
use crate::priority::yields;

/// Writes a citation down as its kind's sign, `target`, `#section` and `|label`.
fn shown(citation: &Citation) -> String {
    let sign = match citation.kind {
        CitationKind::WikiLink | CitationKind::KeyLink => "",
        CitationKind::Embed | CitationKind::KeyEmbed => "!",
        CitationKind::InTextKey => "@",
        CitationKind::ClusterKey => "[@",
        CitationKind::Arxiv => "arxiv ",
        CitationKind::Doi => "doi ",
    };
    let section = citation.section.as_ref().map(|section| format!("#{section}")).unwrap_or_default();
    let label = citation.label.as_ref().map(|label| format!("|{label}")).unwrap_or_default();
    format!("{sign}{}{section}{label}", citation.target)
}

/// Checks that `note` holds exactly these citations, also with the other line terminators and without the last one.
#[track_caller]
fn check(note: &str, expected: &[&str]) {
    let variants = [note.to_owned(), note.replace('\n', "\r\n"), note.replace('\n', "\r"), note.trim_end().to_owned()];
    for text in variants {
        let parsed = parse(&text);
        let found: Vec<_> = parsed.citations.iter().map(shown).collect();
        assert_eq!(found, expected, "in {text:?}");
        for citation in &parsed.citations {
            check_ranges(&text, citation);
        }
    }
}

#[track_caller]
fn check_ranges(text: &str, citation: &Citation) {
    let source = &text[citation.range.clone()];
    if !citation.kind.is_wiki_link() {
        check_plain(text, source, citation);
        return;
    }
    let opening = if matches!(citation.kind, CitationKind::Embed | CitationKind::KeyEmbed) { "![[" } else { "[[" };
    assert!(source.starts_with(opening) && source.ends_with("]]"), "{source:?}");
    assert_eq!(text[citation.inner_range.clone()], citation.inner);
    assert_eq!(source[opening.len()..source.len() - 2].trim(), citation.inner);
    assert_eq!(text[citation.target_range.clone()].replace("\\|", "|"), citation.target);
}

/// What has no double brackets is its target and little around it.
#[track_caller]
fn check_plain(text: &str, source: &str, citation: &Citation) {
    let target = &text[citation.target_range.clone()];
    assert_eq!((target, target), (citation.target.as_str(), citation.inner.as_str()));
    assert_eq!(citation.target_range, citation.inner_range);
    let shells = if citation.kind.is_key() {
        let dash = if citation.suppress_author { "-" } else { "" };
        [format!("{dash}@{target}"), format!("{dash}@{{{target}}}")]
    } else {
        [target.to_owned(), format!("<{target}>")]
    };
    assert!(shells.contains(&source.to_owned()), "{source:?} for {target:?}");
    let is_sure = citation.kind == CitationKind::ClusterKey;
    assert_eq!(citation.cluster.is_some() || (citation.kind.is_key() && citation.suppress_author), is_sure);
    if let Some(cluster) = &citation.cluster {
        assert!(cluster.start < citation.range.start && citation.range.end < cluster.end);
        let cluster = &text[cluster.clone()];
        assert!(cluster.starts_with('[') && cluster.ends_with(']'), "{cluster:?}");
    }
}

#[test]
fn every_spelling_is_found() {
    check("See [[Orca]].", &["Orca"]);
    check("[[Orca|the paper]]", &["Orca|the paper"]);
    check("[[Orca#abstract]]", &["Orca#abstract"]);
    check("[[Orca#abstract|its abstract]]", &["Orca#abstract|its abstract"]);
    check("![[Orca]]", &["!Orca"]);
    check("![[Orca#abstract|x]] and [[Phi]][[Orca]]", &["!Orca#abstract|x", "Phi", "Orca"]);
    check("[[  Orca  # a b | c ]]", &["Orca#a b|c"]);
    check("[[Orca|]]", &["Orca|"]);
    check("wow![[Orca]]", &["!Orca"]);
    check("\\![[Orca]]", &["Orca"]);
}

#[test]
fn names_are_taken_as_they_stand() {
    check("[[It's 1,000 ways: A. B., vol. 2 (draft) & more?]]", &["It's 1,000 ways: A. B., vol. 2 (draft) & more?"]);
    check("[[arXiv:2306.02707v2]] [[hep-th/9901001]]", &["arXiv:2306.02707v2", "hep-th/9901001"]);
    check("[[https://doi.org/10.1000/xyz]]", &["https://doi.org/10.1000/xyz"]);
    check(
        "[[doi:10.1002/(SICI)1097(1998)43:1<69::AID-J8>3.0.CO;2-K]]",
        &["doi:10.1002/(SICI)1097(1998)43:1<69::AID-J8>3.0.CO;2-K"],
    );
    check("[[snake_case_name]] [[a*b*c]] [[~x~]]", &["snake_case_name", "a*b*c", "~x~"]);
    check("\u{1F40B} [[Orca \u{1F40B}]] é [[Ørçå|ü]]", &["Orca \u{1F40B}", "Ørçå|ü"]);
    check("[[$k$-means]] for [[$n$ things]]", &["$k$-means", "$n$ things"]);
    check("[[the `code` paper]]", &["the `code` paper"]);
    check("[[a < b]] [[x -> y]]", &["a < b", "x -> y"]);
}

#[test]
fn names_may_hold_paired_brackets() {
    check("[[f[x]]]", &["f[x]"]);
    check("[[[Re] Orca]]", &["[Re] Orca"]);
    check("![[[Re] Orca]]", &["![Re] Orca"]);
    check("[[[Orca]]]", &["Orca"]);
    check("[[[Orca]], [[Phi]]]", &["Orca", "Phi"]);
    check("[[[[Orca]]]]", &["Orca"]);
    check("[[a]b]]", &[]);
    check("[[a[b]]", &[]);
}

#[test]
fn a_hash_or_bar_may_belong_to_the_name() {
    let readings = |note: &str| -> Vec<String> {
        let parsed = parse(note);
        let citation = &parsed.citations[0];
        let all = citation.readings.iter().map(|reading| {
            assert_eq!(note[reading.range.clone()].replace("\\|", "|"), reading.name);
            reading.name.clone()
        });
        all.collect()
    };
    assert_eq!(readings("[[Orca]]"), ["Orca"]);
    assert_eq!(readings("é [[C# in Depth]]"), ["C# in Depth", "C"]);
    assert_eq!(readings("[[C# in Depth|the book]]"), ["C# in Depth|the book", "C# in Depth", "C"]);
    assert_eq!(readings("[[ P(a|b) ]]"), ["P(a|b)", "P(a"]);
    assert_eq!(readings("[[P(a\\|b)]]"), ["P(a|b)", "P(a"]);
    assert_eq!(readings("[[Orca#]]"), ["Orca#", "Orca"]);
}

#[test]
fn what_has_no_name_or_no_end_is_none() {
    check("[[]] [[ ]] [[#abstract]] [[|label]] [[ # | ]]", &[]);
    check("[[Orc", &[]);
    check("[[Orca] [[ Orca ] ]", &[]);
    check("[[Or\nca]]", &[]);
    check("[[Orc and [[Phi]]", &["Phi"]);
    check("[[Orc\n[[Phi]] ]]", &["Phi"]);
    check("[Orca] [Orca][] [ [Orca]]", &[]);
}

#[test]
fn escaped_brackets_are_none() {
    check("\\[[Orca]] [\\[Orca]] [[Orca\\]] [[Orca]\\]", &[]);
    check("\\\\[[Orca]]", &["Orca"]);
    check("\\[\\[Orca\\]\\]", &[]);
    check("\\[[[Orca]]", &["Orca"]);
}

#[test]
fn every_kind_of_block_holds_citations() {
    check("# On [[Orca]] #\n\ntext\n\nOn [[Phi]]\n====\n", &["Orca", "Phi"]);
    check("> quoted [[Orca]]\n> > twice [[Phi]]\nlazy [[LiSe]]\n", &["Orca", "Phi", "LiSe"]);
    check("- [[Orca]]\n  - [[Phi]]\n\n    more [[LiSe]]\n1. [[A]]\n   [[B]]\n", &["Orca", "Phi", "LiSe", "A", "B"]);
    check("- [ ] [[Orca]]\n- [x] [[Phi]]\n", &["Orca", "Phi"]);
    check("> - item\n>   goes on [[Orca]] `c\n>   d` [[Phi]]\n", &["Orca", "Phi"]);
    check("**[[Orca]]** *[[Phi]]* ~~[[LiSe]]~~ _[[A_b]]_ ==[[C]]==", &["Orca", "Phi", "LiSe", "A_b", "C"]);
    check("one  \n[[Orca]]\\\n[[Phi]]\n***\n[[LiSe]]\n---\n", &["Orca", "Phi", "LiSe"]);
    check("[[Orca]]: it\n\n[[Phi]] [[LiSe]]", &["Orca", "Phi", "LiSe"]);
    check("> [!note] On [[Orca]]\n> text [[Phi]]\n", &["Orca", "Phi"]);
}

#[test]
fn tables_hold_citations_with_an_escaped_bar() {
    let note =
        "| paper | note |\n| --- | :-: |\n| [[Orca\\|the whale]] | [[Phi]] `[[x]]` |\n| ![[LiSe#abstract\\|l]] |\n";
    check(note, &["Orca|the whale", "Phi", "!LiSe#abstract|l"]);
    assert!(parse(note).citations.iter().all(|citation| citation.in_table));
    check("> | [[A]] |\n> |---|\n> | [[B\\|b]] |\n\n[[C\\|c]]", &["A", "B|b", "C|c"]);
    check("- x\n\n  | a |\n  |---|\n  | [[B\\|b]] |\n", &["B|b"]);
    check("| a | b |\n|---|---|\n| [[Orca|label]] | x |\n", &[]);
    let outside = parse("| [[Orca|x]] |");
    assert_eq!((shown(&outside.citations[0]).as_str(), outside.citations[0].in_table), ("Orca|x", false));
}

#[test]
fn footnotes_hold_citations() {
    check("a[^1] b^[see [[Phi]]]\n\n[^1]: [[Orca]]\n", &["Phi", "Orca"]);
    check("[^a]: see [[Orca]]\n[^b]: [[Phi]]\n", &["Orca", "Phi"]);
}

#[test]
fn code_holds_none() {
    check("`[[Orca]]` ``a ` [[Orca]]`` [[Phi]]", &["Phi"]);
    check("`a\n[[Orca]]` [[Phi]]", &["Phi"]);
    check("a ` b [[Orca]]", &["Orca"]);
    check("``a` [[Orca]]", &["Orca"]);
    check("\\`[[Orca]]`", &["Orca"]);
    check("[[a `b]] c` ]]", &["a `b]] c`"]);
    check("```\n[[Orca]]\n```\n[[Phi]]\n~~~ [[x]]\n[[y]]\n~~~\n", &["Phi"]);
    check("```\n[[Orca]]\n\n[[Phi]]\n", &[]);
    // The head of a chunk that is run may hold code.
    check("```{r f, fig.cap=\"by `x()`\"}\n[[x]]\n```\n\n[[Orca]]\n\n```{r}\n[[y]]\n```\n", &["Orca"]);
    check("> ````{.r caption=\"`x`\"}\n> [[x]]\n> ````\n> [[Orca]]\n", &["Orca"]);
    check("```{r}``` and [[Orca]] {x}\n", &["Orca"]);
    check("- a\n  ```\n  [[x]]\n  ```\n  [[Orca]]\n", &["Orca"]);
    check("text\n\n    [[x]]\n\n[[Orca]]\n", &["Orca"]);
    check("text\n    [[Orca]]\n", &["Orca"]);
    check("\t[[x]]\n", &[]);
    check("- a\n\n      [[x]]\n\n    [[Orca]]\n", &["Orca"]);
    check("> ```\n> [[x]]\n[[Orca]]\n", &["Orca"]);
}

#[test]
fn html_holds_none_but_what_stands_between_tags_is_text() {
    check("a <!-- [[x]] --> [[Orca]] <!-- [[y]]\n[[z]] --> [[Phi]]", &["Orca", "Phi"]);
    check("<!--\n[[x]]\n\n[[y]]\n-->\n[[Orca]]\n", &["Orca"]);
    check("<div>\n[[x]]\n\n[[Orca]]\n\n</div>\n", &["Orca"]);
    check("<details><summary>[[x]]</summary>\n\n[[Orca]]\n</details>\n", &["Orca"]);
    check("a <b title=\"[[x]]\" c='[[y]]'>[[Orca]]</b> <i\ne=[[z]]> [[Phi]]", &["Orca", "Phi"]);
    check("a <?php [[x]] ?> <!X [[y]]> <![CDATA[ [[z]] ]]> [[Orca]]", &["Orca"]);
    check("<!DOCTYPE html>\n[[Orca]]\n\n[[Phi]]\n", &["Orca", "Phi"]);
    check("a < [[Orca]] > b <c [[Phi]]>", &["Orca", "Phi"]);
    check("a <!-- [[Orca]]", &["Orca"]);
    check("<script>\n[[x]]\n\n[[y]]\n</script>\n[[Orca]]\n", &["Orca"]);
}

#[test]
fn math_holds_none() {
    check("$x_{[[i]]}$ and $$[[x]]$$ [[Orca]]", &["Orca"]);
    check("$$\n[[x]]\n$$\n[[Orca]]\n", &["Orca"]);
    check("text $$ a\n[[x]] $$ [[Orca]]\n", &["Orca"]);
    check("$\\text{a\\$}[[x]]$ [[Orca]]", &["Orca"]);
    check("\\$a [[Orca]]$", &["Orca"]);
    check("the $n$th [[Orca]] and $m$", &["Orca"]);
}

#[test]
fn prices_are_no_math() {
    check("costs $5 and [[Orca]] costs $6", &["Orca"]);
    check("costs $5 for [[Orca]] and 6$ for [[Phi]]", &["Orca", "Phi"]);
    check("US$ 5, [[Orca]], US$6, [[Phi]]$", &["Orca", "Phi"]);
    check("for $a\n[[Orca]] and b$", &["Orca"]);
    check("A$ [[Orca]] B$", &["Orca"]);
    check("$$$ [[Orca]]", &["Orca"]);
}

#[test]
fn a_displayed_formula_may_reach_over_blocks() {
    check("[[A]]\n$$\na = [[x]]\n+ [[y]]\n\n> [[z]]\n$$ \n[[B]]\n", &["A", "B"]);
    check("$$ a\n\n[[x]] b $$\n\n[[B]]\n\n$$\n\n[[y]]\n$$\n", &["B"]);
    check("$$\n\n[[Orca]]\n\nno end\n", &["Orca"]);
    check("\n# $$\n\n# [[Orca]]$$\n", &["Orca"]);
    check("$$\n\n```\n$$\n```\n\n[[Orca]]\n", &["Orca"]);
}

#[test]
fn front_matter_holds_none() {
    check("---\ntitle: \"[[x]]\"\n---\n[[Orca]]\n", &["Orca"]);
    check("+++\ntitle = \"[[x]]\"\n+++\n[[Orca]]\n", &["Orca"]);
    check("---\ntitle: \"[[x]]\"\n\nmore: [[y]]\n---\n", &[]);
    check("\n---\n[[Orca]]\n\n---\n", &["Orca"]);
    check("---\n[[Orca]] and no end\n", &["Orca"]);
    assert_eq!(parse("---\na: b\n---\ntext").front_matter, Some(0..13));
    assert_eq!(parse("---\na: b\n---").front_matter.map(|range| range.start), Some(0));
    assert_eq!(parse("text\n\n---\na: b\n---\n").front_matter, None);
}

#[test]
fn addresses_and_link_destinations_hold_none() {
    check("<https://example.org/[[x]]> https://example.org/[[x]]/y [[Orca]]", &["Orca"]);
    check("(https://example.org) [[Orca]], https://example.org,[[Phi]]", &["Orca", "Phi"]);
    check("见https://example.org，[[Orca]]。", &["Orca"]);
    check("[text](a[[x]] \"[[y]]\") [t](<[[z]]> '[[w]]') [[Orca]]", &["Orca"]);
    check("![alt](dir/[[x]].png) [[Orca]]", &["Orca"]);
    check("[[Orca]](see [[Phi]])", &["Orca", "Phi"]);
    check(
        "* [[options]](#options)\n* [[x]](https://example.org) ![[x]](a.png) [[Orca]](2023) [[Orca]]()",
        &["Orca", "Orca"],
    );
    check("[[x]](<a/b> \"t\") [[Phi]]( [[Orca]] (#1)", &["Phi", "Orca"]);
    check("[see [[Orca]]](https://example.org/[[x]])", &["Orca"]);
    check("a](b[[Orca]])", &["Orca"]);
    check("[a] ([[Orca]])", &["Orca"]);
    check("[a](b [[Orca]])", &["Orca"]);
    check("[ref]: https://example.org '[[x]]'\n\n[[Orca]]\n", &["Orca"]);
}

#[test]
fn citations_know_where_they_stand() {
    let note = "\u{1F40B} é\r\n> ![[ Orca # abstract | x ]]\r\n> [[Phi]]";
    let parsed = parse(note);
    let source = |range: &std::ops::Range<usize>| &note[range.clone()];
    assert_eq!(source(&parsed.citations[0].range), "![[ Orca # abstract | x ]]");
    assert_eq!(source(&parsed.citations[0].target_range), "Orca");
    assert_eq!(source(&parsed.citations[0].inner_range), "Orca # abstract | x");
    assert_eq!(source(&parsed.citations[1].range), "[[Phi]]");
    let at = |offset: usize| parsed.citation_at(offset).map(|citation| citation.target.as_str());
    let orca = &parsed.citations[0].range;
    assert_eq!((at(orca.start - 1), at(orca.start), at(orca.end)), (None, Some("Orca"), Some("Orca")));
    assert_eq!((at(orca.end + 1), at(note.len()), at(note.len() + 9)), (None, Some("Phi"), None));
}

#[test]
fn headings_are_listed() {
    let note = "# One #\ntext\n## *Two* [[Orca]]\n\nThree\nlines\n---\n####### none\n> ### C#\n";
    let parsed = parse(note);
    let headings: Vec<_> = parsed.headings.iter().map(|heading| (heading.level, heading.text.as_str())).collect();
    assert_eq!(headings, [(1, "One"), (2, "*Two* [[Orca]]"), (2, "Three\nlines"), (3, "C#")]);
    for heading in &parsed.headings {
        assert_eq!(note[heading.range.clone()], heading.text);
    }
}

#[test]
fn a_nul_hides_nothing() {
    check("a\0b [[Orca]] \0\n\n\0[[Phi]]", &["Orca", "Phi"]);
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    check("\u{feff}---\na: [[x]]\n---\n[[Orca]]\n", &["Orca"]);
    check("\u{feff}# [[Orca]]\n", &["Orca"]);
}

#[test]
fn trees_may_go_from_thread_to_thread() {
    let tree = NoteTree::parse("[[Orca]]");
    let copy = tree.clone();
    let found = std::thread::spawn(move || copy.read("[[Orca]]")).join().unwrap();
    assert_eq!(found, tree.read("[[Orca]]"));
}

#[test]
fn a_long_note_is_parsed_in_many_steps_to_the_same_end() {
    let text = "# Notes\n\n- [[Orca]] and `code`, then [@liu2020].\n\n> | a | b |\n> |---|---|\n> | [[Phi]] | d |\n\n"
        .repeat(200);
    let before = yields();
    let tree = NoteTree::parse(&text);
    let steps = yields() - before;
    assert!(steps > 50, "{steps}");
    assert_eq!(tree.read(&text), parse(&text));
    let again = tree.reparse(&text);
    assert_eq!(again.read(&text), parse(&text));
}

#[test]
fn what_the_grammar_fails_on_spoils_nothing_behind_it() {
    let rest = "\n\nthen [[Orca]] `[[x]]`\n\n```\n[[y]]\n```\n\n- [[Phi]]\n\n# [[LiSe]]\n";
    let starts = [
        "half a heading |\n---",
        "| a |\n---",
        "| a |\n|---",
        "> | a |\n> :--",
        "| a | b |\n|---|---|\n|",
        "| a | b |\n|---|---|\n| c | d |\n||",
        "> | a |\n> |---|\n> |",
        "| a | b |\n|---|---|\n|| d |",
        "| a | b |\n|---|---|\n| c || d |",
        "- <div>\n\n",
        "1. 1. <div>\n\n    b",
        "* <b>\n\n",
        "- <details>\n  <summary>a</summary>\n\n  b\n  </details>\n\n",
    ];
    for start in starts {
        check(&format!("{start}{rest}"), &["Orca", "Phi", "LiSe"]);
    }
}

#[test]
fn a_formula_that_begins_at_the_end_of_a_line_ends_with_its_paragraph() {
    for inside in ["- b", "+ b", "> b", "# b", "=", "---", "1. a", "b"] {
        let note = format!("We minimise f such that $$\na\n{inside}\n$$\n\nLater @zz1 says.\n\n$$\nq\n$$\n");
        check(&note, &["@zz1"]);
        let item = format!("- such that $$\n  a\n  {inside}\n  $$\n\n  Later @zz1 says.\n\n$$\nq\n$$\n");
        check(&item, &["@zz1"]);
    }
    let inner = "such that $$\na\n$$ and then $$\nb\n- c\n$$ for $n$.\n\nLater @zz1 says.\n\n$$\nq\n$$\n\n@zz2 too\n";
    check(inner, &["@zz1", "@zz2"]);
    check("$$\nb\n- c\n$$ for @zz1\n\n@zz2\n\n$$\nq\n$$\n\n@zz3\n", &["@zz1", "@zz2", "@zz3"]);
    check("costs $$\n\n@a and @b $$\n", &["@a", "@b"]);
    check("x $$\n@a\n$$ @b\n", &["@b"]);
}

#[test]
fn indented_paragraphs_go_on_with_what_is_above_them() {
    check("x[^n]\n\n[^n]: First.\n\n    Second cites [@a].\n\n    - and @b\n", &["[@a", "@b"]);
    check("[^n]: First\nand lazy.\n\n    Second cites [@a].\n\n        code @b\n\n    @c\n", &["[@a", "@c"]);
    check("Term\n\n:   First.\n\n    Second cites [@a].\n", &["[@a"]);
    check("(@) One.\n\n    Second @a.\n\n(@good) Two.\n\n    | @b |\n    |---|\n", &["@a", "@b"]);
    check("a.  First\n\n    cites [@a].\n\nb)  Second\n\n\tcites @b.\n\n(iv) Third\n\n    @c\n", &["[@a", "@b", "@c"]);
    check("!!! note\n\n    cites [@a].\n\n??? tip \"T\"\n    @b\n\n=== \"Tab\"\n\n    @c\n", &["[@a", "@b", "@c"]);
    check("Some text.\n\n    code @a\n\n# Head\n\n    code @b\n", &[]);
    check("    code @a\n", &[]);
    check("I. Newton\n\nwrote:\n\n    code @a\n", &[]);
}

#[test]
fn front_matter_cites_in_its_abstract_and_nocite() {
    let note =
        "---\ntitle: \"@t\"\nabstract: |\n  We follow [@a].\n\n  And @b.\nnocite: |\n  @c, @d\ntags: [@e]\n---\n@f\n";
    check(note, &["[@a", "@b", "@c", "@d", "@f"]);
    check("---\nnocite: \"[@a]\"\n---\n", &["[@a"]);
    check("---\nnocite: ['@a', '@*']\n  # @b\nx: @c\n---\n", &["[@a", "@b"]);
    check("+++\nnocite = \"@a\"\n+++\n", &[]);
}

#[test]
fn links_by_key_name_the_key() {
    let name = |note: &str| -> Vec<(String, std::ops::Range<usize>)> {
        let parsed = parse(note);
        let [citation] = parsed.citations.as_slice() else { panic!("{note}: {parsed:?}") };
        assert!(citation.kind.is_key_link(), "{note}");
        citation.readings.iter().map(|reading| (reading.name.clone(), reading.range.clone())).collect()
    };
    for (note, at) in [
        ("[[@smith2020]]", 3),
        ("![[@smith2020]]", 4),
        ("[[lit/@smith2020]]", 7),
        ("[[lit/@smith2020|S]]", 7),
        ("[[@smith2020.md]]", 3),
        ("[[a/b/@smith2020.MD#Methods|x]]", 7),
        ("[[ @smith2020 #Methods]]", 4),
    ] {
        assert_eq!(name(note), [("smith2020".to_owned(), at..at + 9)], "{note}");
    }
    let both = |long: &str| [(long.to_owned(), 3..3 + long.len()), ("smith2020".to_owned(), 3..12)];
    assert_eq!(name("[[@smith2020, p. 3]]"), both("smith2020, p. 3"));
    assert_eq!(name("[[@smith2020 notes]]"), both("smith2020 notes"));
    for note in ["[[Orca @ home]]", "[[@]]", "[[a@b]]", "[[@ x]]"] {
        let parsed = parse(note);
        assert!(parsed.citations.iter().all(|it| !it.kind.is_key_link()), "{note}");
    }
}

#[test]
fn what_a_note_defines_as_a_link_is_no_citation() {
    check("- [@ada] and [@bob]\n\n[@ada]: https://github.example/ada\n", &["[@bob"]);
    check("[@ada]: said so, see [@ada]\n", &["[@ada", "[@ada"]);
}
