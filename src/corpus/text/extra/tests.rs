use super::*;

#[test]
fn lines_are_read_by_their_labels() {
    let extra = Extra::read(
        "Citation Key: gull2020\ntex.ids: alias1, alias2\narXiv: 2306.02707 [cs]\nDOI: https://doi.org/10.1000/XYZ\nPMID: 123\n\
         original-date: 1987\nOriginal Date: 1988\nissued: 2003-05\nAccessed: 2020-05-17\ntranslator: Doe || Jane\nEditor: Sea Institute\n\
         original_title: Der <i>Wal</i>\nReviewed Title: Whales\nPlace: Paris\nshort-title: Whale\nStatus: retracted\ntype: dataset\n\
         tex.editor= Auk, Bo and {\\\"O}re, Al\ntex.series= A {\\&} B\ntex.journaltitle: Journal\nJust a note: of mine\nsecond line",
    );
    assert_eq!(extra.keys, ["gull2020", "alias1", "alias2"]);
    assert_eq!((extra.arxiv.as_deref(), extra.doi.as_deref()), (Some("2306.02707"), Some("10.1000/xyz")));
    assert_eq!(extra.date, Some(PublicationDate::new(2003, Some(5), None)));
    assert_eq!(
        extra.dates,
        [
            (DateVariable::OriginalDate, PublicationDate::year(1987)),
            (DateVariable::OriginalDate, PublicationDate::year(1988)),
            (DateVariable::Accessed, PublicationDate::new(2020, Some(5), Some(17))),
        ]
    );
    let people: Vec<(Role, String)> = extra.people.iter().map(|(role, person)| (*role, person.display())).collect();
    let named = |role: Role, name: &str| (role, name.to_owned());
    assert_eq!(
        people,
        [
            named(Role::Translator, "Jane Doe"),
            named(Role::Editor, "Sea Institute"),
            named(Role::Editor, "Bo Auk"),
            named(Role::Editor, "Al Öre"),
        ]
    );
    let text = |variable: Variable, text: &str| (variable, text.to_owned());
    assert_eq!(
        extra.texts,
        [
            text(Variable::Pmid, "123"),
            text(Variable::OriginalTitle, "Der Wal"),
            text(Variable::ReviewedTitle, "Whales"),
            text(Variable::PublisherPlace, "Paris"),
            text(Variable::Status, "retracted"),
            text(Variable::CollectionTitle, "A & B"),
            text(Variable::ContainerTitle, "Journal"),
        ]
    );
    assert_eq!(extra.short_titles, ["Whale"]);
    assert!(extra.is_retracted);
    assert_eq!(extra.work_type.as_deref(), Some("dataset"));
    assert_eq!(extra.rest, "Just a note: of mine\nsecond line");
}

#[test]
fn the_older_form_may_stand_within_a_line() {
    let extra = Extra::read("{:original-date: 1987}{:translator: Doe || Jane} A note {:odd: thing} stays");
    assert_eq!(extra.dates, [(DateVariable::OriginalDate, PublicationDate::year(1987))]);
    assert_eq!(extra.people.len(), 1);
    assert_eq!(extra.rest, "A note {:odd: thing} stays");
}

#[test]
fn what_says_nothing_stays_in_the_note() {
    for note in [
        "issued: soon",
        "DOI: unknown",
        "arXiv: to come",
        "type: nonsense",
        "A long sentence that goes on until there is a colon: here",
        "note: to be read",
        "x = y + z",
        "Publisher:",
        ": nothing",
        "",
    ] {
        let extra = Extra::read(note);
        assert_eq!(extra.rest, note);
        assert!(extra.texts.is_empty() && extra.keys.is_empty() && extra.dates.is_empty(), "{note}");
    }
}

#[test]
fn an_id_in_words_is_found() {
    assert_eq!(Extra::read("Comment: 5 pages, arXiv:2306.02707").arxiv.as_deref(), Some("2306.02707"));
}
