//! The types of references that RIS abbreviates and `EndNote` writes out, and what they are in CSL.

use crate::corpus::table::lookup;

/// A type of reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReferenceType {
    /// The abbreviation in RIS, the same for all spellings.
    pub code: &'static str,
    /// The CSL type.
    pub csl: &'static str,
    /// What sort of work of the CSL type it is, where that type says less.
    pub genre: Option<&'static str>,
    /// The place of the abbreviation in the table.
    row: usize,
}

/// A work of any sort.
pub(super) const GENERIC: ReferenceType =
    ReferenceType { code: "GEN", csl: "document", genre: None, row: Types::of("GEN").0.trailing_zeros() as usize };

/// The type that RIS abbreviates so, in any case.
pub(super) fn by_code(code: &str) -> Option<ReferenceType> {
    let code = code.trim().to_ascii_uppercase();
    let row_of = |code: &str| CODES.binary_search_by_key(&code, |(written, ..)| written).ok();
    let &(_, code, csl, genre) = CODES.get(row_of(&code)?)?;
    Some(ReferenceType { code, csl, genre, row: row_of(code)? })
}

/// A set of types, recognised by the rows of their abbreviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u128);

impl Types {
    /// The types of some abbreviations, which are written with spaces between them.
    ///
    /// # Panics
    ///
    /// Where there is no such type: [`types!`] lets that keep the program from being built.
    pub const fn of(codes: &str) -> Self {
        let bytes = codes.as_bytes();
        let (mut rows, mut at) = (0, 0);
        while at < bytes.len() {
            let mut row = 0;
            while !begins_with_word(bytes, at, CODES[row].0.as_bytes()) {
                row += 1;
            }
            rows |= 1 << row;
            at += CODES[row].0.len() + 1;
        }
        Self(rows)
    }

    /// Whether there is no type.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a type is one of them.
    pub fn hold(self, it: ReferenceType) -> bool {
        self.0 & (1 << it.row) != 0
    }
}

/// Whether a word stands in a text from `at` up to a space or the end.
const fn begins_with_word(text: &[u8], at: usize, word: &[u8]) -> bool {
    let end = at + word.len();
    if end > text.len() || (end < text.len() && text[end] != b' ') {
        return false;
    }
    let mut letter = 0;
    while letter < word.len() {
        if text[at + letter] != word[letter] {
            return false;
        }
        letter += 1;
    }
    true
}

/// A set of types, made when the program is built.
macro_rules! types {
    ($codes:literal) => {
        const { $crate::corpus::formats::reference_types::Types::of($codes) }
    };
}
pub(super) use types;

/// The type that `EndNote` calls so, in any case.
pub(super) fn by_name(name: &str) -> Option<ReferenceType> {
    let name = name.trim().to_ascii_lowercase();
    lookup(NAMES, &name.as_str()).and_then(by_code)
}

type Code = (&'static str, &'static str, &'static str, Option<&'static str>);

/// The abbreviations of RIS and those that programs write beside them, sorted, each with its proper spelling, the CSL
/// type and the genre.
const CODES: &[Code] = &[
    ("ABST", "ABST", "article-journal", Some("Abstract")),
    ("ADVS", "ADVS", "motion_picture", None),
    ("AGGR", "AGGR", "dataset", None),
    ("ANCIENT", "ANCIENT", "classic", None),
    ("ART", "ART", "graphic", None),
    ("BILL", "BILL", "bill", None),
    ("BLOG", "BLOG", "post-weblog", None),
    ("BOOK", "BOOK", "book", None),
    ("CASE", "CASE", "legal_case", None),
    ("CHAP", "CHAP", "chapter", None),
    ("CHART", "CHART", "figure", None),
    ("CLSWK", "CLSWK", "classic", None),
    ("COMP", "COMP", "software", None),
    ("CONF", "CONF", "paper-conference", None),
    ("CPAPER", "CPAPER", "paper-conference", None),
    ("CTLG", "CTLG", "book", Some("Catalog")),
    ("DATA", "DATA", "dataset", None),
    ("DATASET", "DATA", "dataset", None),
    ("DBASE", "DBASE", "dataset", None),
    ("DICT", "DICT", "entry-dictionary", None),
    ("DISS", "THES", "thesis", None),
    ("EBOOK", "EBOOK", "book", None),
    ("ECHAP", "ECHAP", "chapter", None),
    ("EDBOOK", "EDBOOK", "book", None),
    ("EJOUR", "EJOUR", "article-journal", None),
    ("ELEC", "ELEC", "webpage", None),
    ("ENCYC", "ENCYC", "entry-encyclopedia", None),
    ("EQUA", "EQUA", "figure", Some("Equation")),
    ("FIGURE", "FIGURE", "figure", None),
    ("GEN", "GEN", "document", None),
    ("GOVDOC", "GOVDOC", "report", None),
    ("GRANT", "GRANT", "document", Some("Grant")),
    ("GRNT", "GRANT", "document", Some("Grant")),
    ("HEAR", "HEAR", "hearing", None),
    ("ICOMM", "ICOMM", "personal_communication", None),
    ("INPR", "INPR", "article-journal", None),
    ("INTERVIEW", "INTV", "interview", None),
    ("INTV", "INTV", "interview", None),
    ("JFULL", "JFULL", "article-journal", None),
    ("JOUR", "JOUR", "article-journal", None),
    ("LEGAL", "LEGAL", "regulation", None),
    ("MANSCPT", "MANSCPT", "manuscript", None),
    ("MAP", "MAP", "map", None),
    ("MGZN", "MGZN", "article-magazine", None),
    ("MPCT", "MPCT", "motion_picture", None),
    ("MULTI", "MULTI", "motion_picture", None),
    ("MUSIC", "MUSIC", "musical_score", None),
    ("NEWS", "NEWS", "article-newspaper", None),
    ("PAMP", "PAMP", "pamphlet", None),
    ("PAT", "PAT", "patent", None),
    ("PCOMM", "PCOMM", "personal_communication", None),
    ("PODCST", "SOUND", "song", Some("Podcast")),
    ("PREPRINT", "PREPRINT", "article", None),
    ("PRESS", "NEWS", "article-newspaper", Some("Press release")),
    ("RPRT", "RPRT", "report", None),
    ("SER", "SER", "book", None),
    ("SLIDE", "SLIDE", "speech", None),
    ("SOUND", "SOUND", "song", None),
    ("STAND", "STAND", "standard", None),
    ("STAT", "STAT", "legislation", None),
    ("STD", "STAND", "standard", None),
    ("THES", "THES", "thesis", None),
    ("UNBILL", "UNBILL", "bill", None),
    ("UNPB", "UNPB", "manuscript", None),
    ("UNPD", "UNPB", "manuscript", None),
    ("VIDEO", "VIDEO", "motion_picture", None),
    ("WEB", "ELEC", "webpage", None),
    ("WHOLE", "BOOK", "book", None),
];

/// The names of types that `EndNote` and the programs that write its format use, in lower case and sorted.
const NAMES: &[(&str, &str)] = &[
    ("aggregated database", "AGGR"),
    ("ancient text", "ANCIENT"),
    ("artwork", "ART"),
    ("audio", "SOUND"),
    ("audiovisual material", "ADVS"),
    ("bill", "BILL"),
    ("blog", "BLOG"),
    ("book", "BOOK"),
    ("book section", "CHAP"),
    ("case", "CASE"),
    ("catalog", "CTLG"),
    ("chart or table", "CHART"),
    ("classical work", "CLSWK"),
    ("computer program", "COMP"),
    ("conference", "CONF"),
    ("conference paper", "CPAPER"),
    ("conference proceeding", "CONF"),
    ("conference proceedings", "CONF"),
    ("data set", "DATA"),
    ("dataset", "DATA"),
    ("dictionary", "DICT"),
    ("discussion forum", "ICOMM"),
    ("dissertation", "THES"),
    ("edited book", "EDBOOK"),
    ("electronic article", "EJOUR"),
    ("electronic book", "EBOOK"),
    ("electronic book section", "ECHAP"),
    ("electronic source", "ELEC"),
    ("encyclopedia", "ENCYC"),
    ("equation", "EQUA"),
    ("figure", "FIGURE"),
    ("film or broadcast", "MPCT"),
    ("generic", "GEN"),
    ("government document", "GOVDOC"),
    ("grant", "GRANT"),
    ("hearing", "HEAR"),
    ("interview", "INTV"),
    ("journal", "JOUR"),
    ("journal article", "JOUR"),
    ("journalarticle", "JOUR"),
    ("legal rule or regulation", "LEGAL"),
    ("legal rule/regulation", "LEGAL"),
    ("magazine article", "MGZN"),
    ("manuscript", "MANSCPT"),
    ("map", "MAP"),
    ("multimedia application", "MULTI"),
    ("music", "MUSIC"),
    ("newspaper article", "NEWS"),
    ("online database", "DBASE"),
    ("online multimedia", "MULTI"),
    ("pamphlet", "PAMP"),
    ("patent", "PAT"),
    ("personal communication", "PCOMM"),
    ("podcast", "PODCST"),
    ("preprint", "PREPRINT"),
    ("press release", "PRESS"),
    ("report", "RPRT"),
    ("review", "JOUR"),
    ("serial", "SER"),
    ("serial (book, monograph)", "SER"),
    ("social media", "ICOMM"),
    ("software", "COMP"),
    ("standard", "STAND"),
    ("statute", "STAT"),
    ("technical report", "RPRT"),
    ("television episode", "MPCT"),
    ("thesis", "THES"),
    ("unpublished", "UNPB"),
    ("unpublished work", "UNPB"),
    ("video", "VIDEO"),
    ("web page", "ELEC"),
    ("webpage", "ELEC"),
    ("website", "ELEC"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::CSL_TYPES;

    #[test]
    fn the_tables_are_sorted_and_lead_to_types_that_there_are() {
        assert!(CODES.is_sorted_by_key(|(written, ..)| *written));
        assert!(CODES.len() <= 128, "one bit each");
        assert!(NAMES.is_sorted_by_key(|(written, _)| *written));
        for &(written, code, csl, _) in CODES {
            assert!(CSL_TYPES.contains(&csl), "{written}");
            assert_eq!(by_code(code).map(|it| it.code), Some(code), "{written}");
        }
        assert_eq!(by_code("GEN"), Some(GENERIC));
        for (name, code) in NAMES {
            assert!(by_code(code).is_some(), "{name}");
        }
    }

    #[test]
    fn a_set_holds_the_types_it_names() {
        for types in ["", "ABST", "CHAP ECHAP", "BOOK EBOOK EDBOOK VIDEO"] {
            let set = Types::of(types);
            assert_eq!(set.is_empty(), types.is_empty());
            for it in CODES.iter().filter_map(|(written, ..)| by_code(written)) {
                assert_eq!(set.hold(it), types.split(' ').any(|code| code == it.code), "{} in {types}", it.code);
            }
        }
    }

    #[test]
    fn types_are_read_in_any_case_and_spelling() {
        assert_eq!(by_code(" jour ").map(|it| it.csl), Some("article-journal"));
        assert_eq!(by_code("GRNT").map(|it| (it.code, it.genre)), Some(("GRANT", Some("Grant"))));
        assert_eq!(by_name("Book Section ").map(|it| it.code), Some("CHAP"));
        assert_eq!(by_code("NOVEL").or_else(|| by_name("")), None);
    }
}
