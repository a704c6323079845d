//! Good entries of every kind.

use super::*;
use crate::corpus::TextInput;
use crate::paper::{PublicationDate, Role, Variable};

#[test]
fn a_whole_entry_of_bibtex() {
    let text = r#"
@inproceedings{DBLP:conf/nips/VaswaniSPUJGKP17,
  author    = {Ashish Vaswani and
               Noam Shazeer and
               {\L}ukasz Kaiser},
  title     = {Attention is {All} you Need},
  booktitle = {Advances in Neural Information Processing Systems 30},
  pages     = {5998--6008},
  year      = {2017},
  month     = dec # "~4",
  url       = {https://proceedings.neurips.cc/paper/2017/hash/x-Abstract.html},
  doi       = {https://doi.org/10.1000/ABC\_d},
  editor    = {Guyon, Isabelle},
  publisher = {Curran},
  address   = {Long Beach},
  volume    = 30,
  abstract  = {The dominant sequence
     transduction models.},
  keywords  = {x},
}"#;
    let record = record(text);
    assert_eq!(record.title, "Attention is All you Need");
    let authors: Vec<String> = record.authors.iter().map(crate::paper::Person::display).collect();
    assert_eq!(authors, ["Ashish Vaswani", "Noam Shazeer", "Łukasz Kaiser"]);
    assert_eq!(record.author_count, Some(3));
    assert_eq!(record.date, Some(PublicationDate::new(2017, Some(12), Some(4))));
    assert_eq!(record.venue(), Some("Advances in Neural Information Processing Systems 30"));
    assert_eq!(record.keys, ["DBLP:conf/nips/VaswaniSPUJGKP17"]);
    assert_eq!(record.doi.as_deref(), Some("10.1000/abc_d"));
    assert_eq!(record.abstract_text.as_deref(), Some("The dominant sequence transduction models."));
    assert_eq!(record.work_type.as_deref(), Some("paper-conference"));
    let page = "https://proceedings.neurips.cc/paper/2017/hash/x-Abstract.html";
    assert_eq!(record.links.page.as_deref(), Some(page));
    let details = &record.details;
    assert_eq!((details.text(Variable::Page), details.text(Variable::Volume)), (Some("5998–6008"), Some("30")));
    assert_eq!(
        (details.text(Variable::Publisher), details.text(Variable::PublisherPlace)),
        (Some("Curran"), Some("Long Beach"))
    );
    assert_eq!(details.people(Role::Editor)[0].family, "Guyon");
    assert!(!record.retracted);
}

#[test]
fn a_whole_entry_of_biblatex() {
    let text = r"@Article{müller2019 ,
  AUTHOR = {Jürgen Müller and others},
  Title = {Orca}, subtitle = {Progressive Learning},
  shorttitle = {Orca!}, ids = {muller, orca2019, muller},
  journaltitle = {Journal of {AI}}, journal = {Other},
  date = {2019-05-17/2019-06}, number = {2}, issn = {1234-5678},
  eprint = {2306.02707v2}, eprinttype = {arXiv}, eprintclass = {cs.CL},
  file = {Full Text:/home/u/Zotero/storage/A B/x.pdf:application/pdf;Snap:/a/b.html:text/html},
}";
    let record = record(text);
    assert_eq!(record.title, "Orca: Progressive Learning");
    assert_eq!(record.short_titles, ["Orca!"]);
    assert_eq!(record.keys, ["müller2019", "muller", "orca2019"]);
    assert_eq!((record.authors.len(), record.author_count), (1, None));
    assert_eq!(record.venue(), Some("Journal of AI"));
    assert_eq!(record.date.unwrap().iso(), "2019-05-17");
    assert_eq!(record.arxiv.as_deref(), Some("2306.02707"));
    assert_eq!(record.links.pdf.as_deref(), Some("/home/u/Zotero/storage/A B/x.pdf"));
    assert_eq!(
        (record.details.text(Variable::Issue), record.details.text(Variable::Issn)),
        (Some("2"), Some("1234-5678"))
    );
    assert_eq!(record.work_type.as_deref(), Some("article-journal"));
}

#[test]
fn arxiv_ids_from_wherever_they_are_told() {
    let cases = [
        ("eprint = {2306.02707}, archivePrefix = {arXiv}", Some("2306.02707")),
        ("eprint = {hep-th/9901001}", Some("hep-th/9901001")),
        ("eprint = {https://arxiv.org/pdf/2306.02707.pdf}", Some("2306.02707")),
        ("eprint = {2306.02707}, eprinttype = {hal}", None),
        ("journal = {arXiv preprint arXiv:2306.02707}", Some("2306.02707")),
        ("journal = {CoRR}, volume = {abs/2306.02707}", Some("2306.02707")),
        ("journal = {Nature}, volume = {2306.02707}", None),
        ("url = {http://arxiv.org/abs/2306.02707v1}", Some("2306.02707")),
        ("doi = {10.48550/arXiv.2306.02707}", Some("2306.02707")),
        ("howpublished = {arXiv:2306.02707 [cs.CL]}", Some("2306.02707")),
        ("note = {arXiv:2306.02707}", Some("2306.02707")),
        ("note = {Superseded by arXiv:2306.02707}", None),
        ("arxivId = {2306.02707}", Some("2306.02707")),
        ("title = {T}", None),
    ];
    for (fields, expected) in cases {
        let record = record(&format!("@misc{{a, title = {{T}}, {fields}}}").replace("title = {T}, title", "title"));
        assert_eq!(record.arxiv.as_deref(), expected, "{fields}");
    }
    let preprint = record("@article{a, title = {T}, journal = {arXiv preprint arXiv:2306.02707}}");
    assert_eq!(preprint.venue(), Some("arXiv"));
}

#[test]
fn venues_types_and_publishers() {
    let cases = [
        ("@book{a, publisher = {Springer}, series = {LNCS}}", "book | LNCS"),
        ("@phdthesis{a, school = {ETH}}", "thesis | ETH"),
        ("@techreport{a, institution = {MIT}, number = {TR-1}}", "report | MIT"),
        ("@misc{a, howpublished = {\\url{https://a.b}}}", "webpage | -"),
        ("@misc{a, howpublished = {Blog post}}", "document | Blog post"),
        ("@misc{a, eprint = {2306.02707}}", "article | -"),
        ("@incollection{a, booktitle = {Book}, booksubtitle = {Sub}, publisher = {P}}", "chapter | Book: Sub"),
        ("@software{a, organization = {Org}}", "software | Org"),
        ("@lego{a, journal = {J}}", "- | J"),
    ];
    for (entry, expected) in cases {
        let record = record(&entry.replacen("a,", "a, title = {T},", 1));
        let part = |text: Option<&str>| text.unwrap_or("-").to_owned();
        assert_eq!(format!("{} | {}", part(record.work_type.as_deref()), part(record.venue())), expected, "{entry}");
    }
}

#[test]
fn retractions_are_noticed() {
    for fields in [
        "title = {RETRACTED: T}",
        "title = {[Retracted] T}",
        "title = {{{Retracted Article}: T}}",
        "title = {T}, keywords = {x; Retracted}",
        "title = {T}, note = {This paper was withdrawn by the authors}",
        "title = {T}, pubstate = {retracted}",
    ] {
        let record = record(&format!("@article{{a, {fields}}}"));
        assert_eq!((record.title.as_str(), record.retracted), ("T", true), "{fields}");
    }
    for fields in ["title = {Why Papers Are Retracted}", "title = {T}, note = {withdrawn from the library}"] {
        assert!(!record(&format!("@article{{a, {fields}}}")).retracted, "{fields}");
    }
}

#[test]
fn strings_may_stand_anywhere() {
    let text = r#"@article{a, title = {T}, journal = jml # ", " # sec, month = jan}
@string{jml = "Journal of " # ml}
@string(ml = {Machine Learning})
@STRING{sec = {Section } # 2}
@article{b, title = {U}, journal = JML}
@string{jml = {Other}}
@article{c, title = {V}, journal = jml}
@article{d, title = {W}, journal = jacm}"#;
    let (records, problems) = read(text);
    let venues: Vec<&str> = records.iter().filter_map(|record| record.venue()).collect();
    assert_eq!(problems, []);
    assert_eq!(venues[1..], ["Journal of Machine Learning", "Other", "Journal of the ACM"]);
    assert!(venues[0].ends_with(", Section 2"), "{venues:?}");
}

#[test]
fn what_is_no_entry_is_passed_over() {
    let text = "Free text, me@example.org and @home.\n@comment{@article{no, title = {No}}}\n@preamble{\"\\newcommand{\\x}{y}\"}\n\
        % @article{no, title = {No}}\n  % @article{no2,\n@comment no braces\n@article{yes, % so\n % title = {No},\n title = {Yes}} @misc(too, title = \"A (too)\")\n\
        @xdata{x, publisher = {P}}\n@set{s, entryset = {yes, too}}\n@comment{jabref-meta: x;}";
    assert_eq!(shown(text), ["yes | Yes", "too | A (too)"]);
}

#[test]
fn children_inherit_from_parents_anywhere() {
    let text = "@inproceedings{child, title = {C}, author = {A, B}, crossref = {parent}, pages = {1-2}}
@article{other, title = {O}, xdata = {data}}
@proceedings{parent, title = {Proceedings of X}, year = 2020, editor = {Ed, E.}, publisher = {P}, doi = {10.1000/p}, crossref = {grand}}
@xdata{data, journaltitle = {J}, xdata = {more}}
@xdata{more, date = {2021-02}}
@book{grand, title = {G}, address = {Town}}";
    let (records, problems) = read(text);
    assert_eq!(problems, []);
    assert_eq!(records.len(), 4);
    let child = &records[0];
    assert_eq!(child.venue(), Some("Proceedings of X"));
    assert_eq!(child.date.unwrap().year, 2020);
    assert_eq!((child.doi.as_deref(), child.details.text(Variable::Publisher)), (None, Some("P")));
    assert_eq!(child.details.text(Variable::PublisherPlace), Some("Town"));
    assert_eq!(child.details.people(Role::Editor)[0].family, "Ed");
    assert_eq!(records[1].venue(), Some("J"));
    assert_eq!(records[1].date.unwrap().iso(), "2021-02");
    assert_eq!(
        shown(
            "@misc{a, title = {T}, crossref = {gone}}\n@misc{b, title = {U}, crossref = {c}}\n@misc{c, title = {V}, crossref = {b}}"
        ),
        ["a | T", "b | U", "c | V", "1: The entry “gone” that this one inherits from is not in this file"]
    );
}

#[test]
fn places_are_exact() {
    let text =
        "\u{feff}Junk 😀\r\n  @article{a,\r\n  title = {Ä😀}\r\n}\r\rx @misc{b, title={B}} @misc{c, title={C}}\r\n";
    let (records, problems) = read(text);
    assert_eq!(problems, []);
    let places: Vec<(&str, u32, u32, u32)> = records
        .iter()
        .map(|record| {
            let span = record.span;
            let place = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
            (&text[place], span.line, span.end_line, span.title_utf16)
        })
        .collect();
    assert_eq!(
        places,
        [
            ("@article{a,\r\n  title = {Ä😀}\r\n}", 1, 3, 13),
            ("@misc{b, title={B}}", 5, 5, 41),
            ("@misc{c, title={C}}", 5, 5, 41),
        ]
    );
}

#[test]
fn files_in_latin_1_are_read() {
    let bytes = b"% M\xfcller\n@article{a,\n title = {Gr\xf6\xdfe \x96 gut},\n author = {M\xfcller, J}}\n@misc{b, title = {\xe9}}";
    let (records, problems) = read_from(&mut TextInput::new(Cursor::new(bytes)));
    assert_eq!(records[0].title, "Größe – gut");
    assert_eq!(records[0].authors[0].family, "Müller");
    assert_eq!(records[1].title, "é");
    assert_eq!(problems, []);
}
