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
fn arxiv_ids_from_wherever_they_are_given() {
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
fn the_first_member_of_a_set_answers_to_its_key() {
    let text = "@set{theory, entryset = {b, a}}\n@article{a, title = {A}}\n@article{b, title = {B}, ids = {old}}\n\
        @set{alone, EntrySet = \"a\"}\n@set{lost, entryset = {gone, a}}\n@set{empty, entryset = {}}";
    let (records, problems) = read(text);
    assert_eq!(problems, []);
    let keys: Vec<&[String]> = records.iter().map(|record| record.keys.as_slice()).collect();
    assert_eq!(keys, [["a", "alone"].as_slice(), ["b", "old", "theory"].as_slice()]);
}

#[test]
fn children_inherit_from_parents_anywhere() {
    let text = "@inproceedings{child, title = {C}, author = {A, B}, crossref = {parent}, pages = {1-2}}
@article{other, title = {O}, xdata = {data}}
@proceedings{parent, title = {Proceedings of X}, year = 2020, editor = {Edda, E.}, publisher = {P}, doi = {10.1000/p}, crossref = {grand}}
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
    assert_eq!(child.details.people(Role::Editor)[0].family, "Edda");
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

#[test]
fn everything_a_bibliography_needs_is_kept() {
    use Variable as V;
    let cases: [(&str, &[(Variable, &str)]); 16] = [
        (
            "@mastersthesis{a, school = {U}}",
            &[(V::Genre, "Master’s thesis"), (V::Publisher, "U"), (V::EntryType, "mastersthesis")],
        ),
        ("@thesis{a, type = {mathesis}, institution = {U}}", &[(V::Genre, "Master’s thesis"), (V::Publisher, "U")]),
        (
            "@techreport{a, type = {Research memorandum}, number = {TR-17}, institution = {I}}",
            &[(V::Genre, "Research memorandum"), (V::Number, "TR-17"), (V::Publisher, "I")],
        ),
        (
            "@patent{a, number = {EP1}, type = {patenteu}, location = {countryde and countryus}}",
            &[
                (V::Number, "EP1"),
                (V::Genre, "European patent"),
                (V::Jurisdiction, "Germany; United States of America"),
            ],
        ),
        (
            "@article{a, journal = {J}, number = {3}, issue = {Spring}, series = {2}, eid = {e12}, shortjournal = {Jn}}",
            &[
                (V::Issue, "3, Spring"),
                (V::CollectionTitle, "2nd series"),
                (V::Page, "e12"),
                (V::ContainerTitleShort, "Jn"),
            ],
        ),
        (
            "@incollection{a, booktitle = {B}, number = {3}, series = {S}, chapter = {4}}",
            &[(V::ContainerTitle, "B"), (V::CollectionNumber, "3"), (V::CollectionTitle, "S"), (V::ChapterNumber, "4")],
        ),
        (
            "@inbook{a, booktitle = {B}, maintitle = {M}, volume = {2}}",
            &[(V::ContainerTitle, "M"), (V::VolumeTitle, "B"), (V::Volume, "2")],
        ),
        (
            "@book{a, publisher = {P}, organization = {P}, address = {X}, pagetotal = {99}, volumes = {3}, part = {1}, edition = {3}}",
            &[
                (V::Publisher, "P"),
                (V::PublisherPlace, "X"),
                (V::NumberOfPages, "99"),
                (V::NumberOfVolumes, "3"),
                (V::PartNumber, "1"),
                (V::Edition, "3"),
            ],
        ),
        (
            "@inproceedings{a, booktitle = {B}, organization = {IEEE}, publisher = {ACM and Foo}, eventtitle = {E}, venue = {V}}",
            &[(V::Publisher, "IEEE; ACM and Foo"), (V::EventTitle, "E"), (V::EventPlace, "V")],
        ),
        (
            "@misc{a, note = {N}, addendum = {A.}, titleaddon = {T!}, annote = {Own}}",
            &[(V::Note, "T! N. A."), (V::Annote, "Own")],
        ),
        ("@misc{a, howpublished = {Blog post, \\url{http://x.org}}}", &[(V::HowPublished, "Blog post")]),
        (
            "@misc{a, keywords = {one; two, {three}}, langid = {german}, pubstate = {inpress}, version = {3.1}, library = {L}}",
            &[
                (V::Keyword, "one, two, three"),
                (V::Language, "german"),
                (V::Status, "in press"),
                (V::Version, "3.1"),
                (V::CallNumber, "L"),
            ],
        ),
        (
            "@misc{a, eprint = {123}, eprinttype = {pubmed}, pmcid = {PMC5}, isbn = {978-1}, issn = {1-2}}",
            &[(V::Pmid, "123"), (V::Pmcid, "PMC5"), (V::Isbn, "978-1"), (V::Issn, "1-2")],
        ),
        (
            "@misc{a, eprint = {77}, eprinttype = {jstor}, eprintclass = {C}}",
            &[(V::Archive, "jstor"), (V::ArchiveLocation, "77"), (V::ArchiveCollection, "C")],
        ),
        (
            "@book{a, origtitle = {O}, origpublisher = {OP}, origlocation = {OL}}",
            &[(V::OriginalTitle, "O"), (V::OriginalPublisher, "OP"), (V::OriginalPublisherPlace, "OL")],
        ),
        ("@book{a, publisher = {P}}", &[(V::EntryType, "book")]),
    ];
    for (entry, expected) in cases {
        let record = record(&entry.replacen("a,", "a, title = {T},", 1));
        for (variable, text) in expected {
            assert_eq!(record.details.text(*variable), Some(*text), "{entry} {variable:?}");
        }
    }
    let book = record("@book{a, title = {T}, publisher = {P}, howpublished = {\\url{http://x.org/a b.pdf}}}");
    assert_eq!((book.details.text(V::ContainerTitle), book.details.text(V::HowPublished)), (None, None));
    assert_eq!(book.links.pdf.as_deref(), Some("http://x.org/a b.pdf"));
}

#[test]
fn variables_of_csl_and_subtypes_are_read_as_such() {
    let record = record(
        "@online{a, title = {T}, entrysubtype = {post-weblog}, collection-editor = {A, B and others}, section = {S}, \
         Archive-Place = {X}, available-date = {2001-05}, editor = {C, D and others}}",
    );
    assert_eq!(record.work_type.as_deref(), Some("post-weblog"));
    let texts = [Variable::Section, Variable::ArchivePlace].map(|variable| record.details.text(variable));
    assert_eq!(texts, [Some("S"), Some("X")]);
    for role in [Role::CollectionEditor, Role::Editor] {
        let people = record.people(role);
        assert_eq!((people.len(), people.last()), (2, Some(&crate::paper::Person::others())), "{role:?}");
    }
    let date = record.other_date(crate::paper::DateVariable::AvailableDate);
    assert_eq!(date.map(|date| date.iso()).as_deref(), Some("2001-05"));
    let types = [
        ("@article{a, title = {T}, entrysubtype = {magazine}}", "article-magazine"),
        ("@article{a, title = {T}, entrysubtype = {no such type}}", "article-journal"),
        ("@newspaper{a, title = {T}, journal = {J}}", "article-newspaper"),
    ];
    for (entry, expected) in types {
        assert_eq!(self::record(entry).work_type.as_deref(), Some(expected), "{entry}");
    }
    let issue = self::record("@article{a, title = {T}, journal = {J}, issuetitle = {I}, issuesubtitle = {S}}");
    assert_eq!(issue.details.text(Variable::VolumeTitle), Some("I: S"));
}

#[test]
fn people_and_dates_have_their_places() {
    use crate::paper::DateVariable as D;

    let record = record(
        "@book{a, title = {T}, author = {A, B}, editor = {C, D}, editortype = {director}, editora = {E, F}, \
         editoratype = {reviser}, translator = {G, H}, bookauthor = {I, J}, origdate = {1888}, urldate = {2020-01-02}, \
         eventdate = {2019-05-01}}",
    );
    let family = |role: Role| record.people(role).first().map(|person| person.family.as_str());
    assert_eq!(
        [Role::Author, Role::Director, Role::Contributor, Role::Translator, Role::ContainerAuthor, Role::Editor]
            .map(family),
        [Some("A"), Some("C"), Some("E"), Some("G"), Some("I"), None]
    );
    let date = |variable: D| record.other_date(variable).map(|date| date.iso());
    assert_eq!(
        [D::OriginalDate, D::Accessed, D::EventDate].map(date),
        [Some("1888".into()), Some("2020-01-02".into()), Some("2019-05-01".into())]
    );
    assert_eq!(record.date, None, "the conference is not the publication");
}

#[test]
fn commands_of_the_preamble_are_replaced_wherever_it_stands() {
    let text = "@string{d = {x}}\n@misc{m8, title={Wings\\Dash a study}}\n@preamble{\"\\newcommand{\\Dash}{---}\" # d}";
    assert_eq!(shown(text), ["m8 | Wings—a study"]);
}

#[test]
fn titles_are_inherited_under_other_names() {
    let cases = [
        ("inbook", "book", "author = {A, B}, title = {P}, subtitle = {S}", "P: S"),
        ("incollection", "mvcollection", "title = {P}", "P"),
        ("article", "periodical", "title = {P}", "P"),
        ("inproceedings", "proceedings", "title = {P}, doi = {10.1000/x}, note = {N}", "P"),
    ];
    for (child, parent, fields, container) in cases {
        let text = format!("@{child}{{c, title = {{C}}, crossref = {{p}}}}\n@{parent}{{p, {fields}}}");
        let (records, problems) = read(&text);
        assert_eq!(problems, [], "{text}");
        assert_eq!(records[0].details.text(Variable::ContainerTitle), Some(container), "{text}");
        assert_eq!((records[0].doi.as_deref(), records[0].details.text(Variable::Note)), (None, None));
    }
}
