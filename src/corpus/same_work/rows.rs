//! The rows.

use super::work::{Name, Title, When};
use crate::paper::{DateEnd, PublicationDate};

/// People, and how each is shown.
pub(super) fn persons() -> Vec<(Name, &'static str)> {
    let of = Name::of;
    let tex = |name: Name, family_tex: &'static str| Name { family_tex, ..name };
    vec![
        (of("Ana", "", "Ortega", ""), "Ana Ortega"),
        (of("Anna", "von und zu", "Liechtenstein", ""), "Anna von und zu Liechtenstein"),
        (of("Juan", "de la", "Cruz", ""), "Juan de la Cruz"),
        (of("Ludwig", "van", "Beethoven", ""), "Ludwig van Beethoven"),
        (of("Abd", "al-Rahman ibn", "Khaldun", ""), "Abd al-Rahman ibn Khaldun"),
        (of("Muhammad", "al-", "Khwarizmi", ""), "Muhammad al-Khwarizmi"),
        (of("Maria", "dos Anjos e", "Silva", ""), "Maria dos Anjos e Silva"),
        (of("Jean", "d'", "Alembert", ""), "Jean d'Alembert"),
        (of("Guillaume", "de l'", "Hôpital", ""), "Guillaume de l'Hôpital"),
        (of("Leonardo", "da", "Vinci", ""), "Leonardo da Vinci"),
        (of("Pedro", "y", "Gasset", ""), "Pedro y Gasset"),
        (of("Kees", "van 't", "Hof", ""), "Kees van 't Hof"),
        (of("O.", "op den", "Camp", ""), "O. op den Camp"),
        (of("Miguel", "de los", "Santos", ""), "Miguel de los Santos"),
        (of("Hans", "in der", "Au", ""), "Hans in der Au"),
        (of("John", "", "Smith", "Jr."), "John Smith, Jr."),
        (of("Martin Luther", "", "King", "III"), "Martin Luther King, III"),
        (of("Juan", "de la", "Cruz", "Sr."), "Juan de la Cruz, Sr."),
        (of("Gabriel", "", "García Márquez", ""), "Gabriel García Márquez"),
        (of("Jean-Paul", "", "Sartre", ""), "Jean-Paul Sartre"),
        (of("Conan", "", "O'Brien", ""), "Conan O'Brien"),
        (of("D.E.", "", "Wren", ""), "D.E. Wren"),
        (of("P. V. Q.", "", "Gull", ""), "P. V. Q. Gull"),
        (of("J.-P.", "", "Serre", ""), "J.-P. Serre"),
        (of("Wei", "", "Wang 0001", ""), "Wei Wang"),
        (of("", "", "Plato", ""), "Plato"),
        (tex(of("Indra", "", "Sāmīte", ""), "S{\\=a}m{\\=\\i}te"), "Indra Sāmīte"),
        (tex(of("Ai", "", "Ōno", ""), "\\={O}no"), "Ai Ōno"),
        (tex(of("Jörg", "", "Müller", ""), "M\\\"{u}ller"), "Jörg Müller"),
        (tex(of("Özge", "", "Ünlü", ""), "{\\\"U}nl{\\\"u}"), "Özge Ünlü"),
        (tex(of("Paul", "", "Erdős", ""), "Erd\\H{o}s"), "Paul Erdős"),
        (of("太郎", "", "山田", ""), "山田 太郎"),
        (of("", "", "山田太郎", ""), "山田太郎"),
        (Name::group("ATLAS Collaboration"), "ATLAS Collaboration"),
        (Name::group("World Health Organization"), "World Health Organization"),
        (Name::group("Centers for Disease Control and Prevention"), "Centers for Disease Control and Prevention"),
    ]
}

/// Dates in all the ways of writing them, and what they are.
pub(super) fn dates() -> Vec<(When, PublicationDate)> {
    let year = PublicationDate::year;
    let on = |year, month, day| PublicationDate::new(year, Some(month), day);
    let until = |date: PublicationDate, end: (i32, Option<u8>, Option<u8>)| PublicationDate {
        end: Some(DateEnd::On(end.0, end.1, end.2)),
        ..date
    };
    let iso = When::iso;
    vec![
        (iso("2020", "[[2020]]"), year(2020)),
        (iso("2019-08", "[[2019,8]]").with_words("2019 Aug"), on(2019, 8, None)),
        (iso("2019-08-05", "[[2019,8,5]]").with_words("2019 Aug 5"), on(2019, 8, Some(5))),
        (iso("2019-08-05", "[[\"2019\",\"08\",\"05\"]]").with_words("August 5, 2019"), on(2019, 8, Some(5))),
        (iso("2019-08-05", "[[2019,8,5]]").with_words("5 August 2019"), on(2019, 8, Some(5))),
        (
            When {
                edtf: "1998-12/1999-01",
                csl_parts: "[[1998,12],[1999,1]]",
                words: "1998 Dec-1999 Jan",
                ..When::default()
            },
            until(on(1998, 12, None), (1999, Some(1), None)),
        ),
        (
            When {
                edtf: "2010-05-05/2010-05-07",
                csl_parts: "[[2010,5,5],[2010,5,7]]",
                words: "5 May-7 May 2010",
                ..When::default()
            },
            until(on(2010, 5, Some(5)), (2010, Some(5), Some(7))),
        ),
        (
            When { edtf: "2001/2003", csl_parts: "[[2001],[2003]]", words: "2001-2003", ..When::default() },
            until(year(2001), (2003, None, None)),
        ),
        (
            When {
                edtf: "2000-21",
                csl_parts: "[[2000]]",
                csl_more: ",\"season\":1",
                words: "2000 Spring",
                ..When::default()
            },
            PublicationDate { season: Some(1), ..year(2000) },
        ),
        (
            When {
                edtf: "2020-21/2021-24",
                csl_parts: "[[2020,21],[2021,24]]",
                words: "2020 Spring-2021 Winter",
                ..When::default()
            },
            PublicationDate { season: Some(1), end: Some(DateEnd::Season(2021, 4)), ..year(2020) },
        ),
        (
            When {
                edtf: "1850~",
                csl_parts: "[[1850]]",
                csl_more: ",\"circa\":true",
                words: "ca. 1850",
                ..When::default()
            },
            PublicationDate { is_approximate: true, ..year(1850) },
        ),
        (When { edtf: "-0380", csl_parts: "[[-381]]", words: "381 BC", ..When::default() }, year(-380)),
        (
            When { edtf: "199X", words: "1990s", ..When::default() },
            PublicationDate { unspecified_digits: 1, ..year(1990) },
        ),
        (
            When { edtf: "2019/..", csl_parts: "[[2019],[0]]", words: "2019/..", ..When::default() },
            PublicationDate { end: Some(DateEnd::Open), ..year(2019) },
        ),
    ]
}

/// DOIs in many spellings, and in the one.
pub(super) const DOIS: [(&str, &str); 12] = [
    ("10.1000/xyz", "10.1000/xyz"),
    ("10.1000/XYZ", "10.1000/xyz"),
    ("doi:10.1000/xyz", "10.1000/xyz"),
    ("https://doi.org/10.1000/xyz", "10.1000/xyz"),
    ("http://dx.doi.org/10.1000/xyz", "10.1000/xyz"),
    ("http://doi.acm.org/10.1145/1137627.1137631", "10.1145/1137627.1137631"),
    ("https://doi.org/10.1000%2Fxyz", "10.1000/xyz"),
    ("10.1000/xyz.", "10.1000/xyz"),
    ("https://doi.org/10/ggb8ns", "10/ggb8ns"),
    ("10/ggb8ns", "10/ggb8ns"),
    ("10.1016/S0140-6736(05)66912-8", "10.1016/s0140-6736(05)66912-8"),
    ("10.1002/(SICI)1097(1998)43:4<1::AID-1>3.0.CO;2-X", "10.1002/(sici)1097(1998)43:4<1::aid-1>3.0.co;2-x"),
];

/// Ids of arXiv in many spellings, and in the one.
pub(super) const ARXIV_IDS: [(&str, &str); 6] = [
    ("2306.02707", "2306.02707"),
    ("arXiv:2306.02707v2", "2306.02707"),
    ("hep-th/9901001", "hep-th/9901001"),
    ("math.GT/0309136", "math/0309136"),
    ("math/0309136v1", "math/0309136"),
    ("0704.0002", "0704.0002"),
];

/// Titles in each mark-up.
#[rustfmt::skip]
pub(super) const TITLES: [Title; 10] = [
    Title { plain: "Poincaré Inequalities", html: "Poincar&eacute; Inequalities", tex: "Poincar\\'e Inequalities" },
    Title { plain: "The E. coli Genome", html: "The <i>E. coli</i> Genome", tex: "The \\emph{E. coli} Genome" },
    Title { plain: "H₂O in Exoplanets", html: "H<sub>2</sub>O in Exoplanets", tex: "H$_2$O in Exoplanets" },
    Title { plain: "A & B: A Study", html: "A &amp; B: A Study", tex: "A \\& B: A Study" },
    Title { plain: "Decay of α Particles", html: "Decay of &alpha; Particles", tex: "Decay of $\\alpha$ Particles" },
    Title { plain: "Effects of “quoted” Words", html: "Effects of &ldquo;quoted&rdquo; Words", tex: "Effects of ``quoted'' Words" },
    Title { plain: "Größe und Maß", html: "Gr&#246;&szlig;e und Ma&#xDF;", tex: "Gr{\\\"o}{\\ss}e und Ma{\\ss}" },
    Title { plain: "Spin–orbit Coupling", html: "Spin&ndash;orbit Coupling", tex: "Spin--orbit Coupling" },
    Title { plain: "Tests at p < 0.05", html: "Tests at p &lt; 0.05", tex: "Tests at $p$ < 0.05" },
    Title { plain: "Effects of E. coli & H₂O on growth: the café study", html: "Effects of <i>E. coli</i> &amp; H<sub>2</sub>O on growth: the caf&eacute; study", tex: "Effects of \\textit{E. coli} \\& H\\textsubscript{2}O on growth: the caf\\'e study" },
];
