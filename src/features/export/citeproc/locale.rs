//! The words of a language: terms and the order of dates, those of the style before those of its language.

use hayagriva::citationberg::taxonomy::{OtherTerm, Term};
use hayagriva::citationberg::{Date, DateForm, GrammarGender, Locale, LocaleCode, OrdinalMatch, TermForm};

/// Where terms are looked up, the most particular place first.
#[derive(Debug)]
pub struct Terms<'a> {
    places: Vec<&'a Locale>,
    /// The language of the list.
    pub language: LocaleCode,
}

impl<'a> Terms<'a> {
    /// The terms of a style in its own language, `en-US` where it has none.
    pub fn new(of_style: &'a [Locale], default: Option<&LocaleCode>, files: &'a [Locale]) -> Terms<'a> {
        let language = default.cloned().unwrap_or_else(LocaleCode::en_us);
        let base = |code: &LocaleCode| code.0.split('-').next().unwrap_or_default().to_owned();
        let own = base(&language);
        let mut places: Vec<&Locale> = Vec::new();
        places.extend(of_style.iter().filter(|locale| locale.lang.as_ref() == Some(&language)));
        places.extend(of_style.iter().filter(|locale| {
            locale.lang.as_ref().is_some_and(|code| *code != language && !code.0.contains('-') && code.0 == own)
        }));
        places.extend(of_style.iter().filter(|locale| locale.lang.is_none()));
        let of_file = |code: &LocaleCode| files.iter().find(|locale| locale.lang.as_ref() == Some(code));
        let relative = files.iter().find(|locale| locale.lang.as_ref().is_some_and(|code| base(code) == own));
        let fallback = language.fallback();
        places.extend(of_file(&language).or_else(|| of_file(fallback.as_ref()?)).or(relative));
        places.extend(of_file(&LocaleCode::en_us()));
        Terms { places, language }
    }

    /// The term in this form, or in the form that stands for it where a language lacks it; empty where a style wants it
    /// so.
    pub fn term(&self, term: Term, form: TermForm, is_plural: bool) -> Option<&'a str> {
        let mut form = Some(form);
        while let Some(wanted) = form {
            let found = self.places.iter().find_map(|place| place.term(term, wanted));
            if let Some(found) = found {
                let text = if is_plural { found.multiple() } else { found.single() };
                return text.or(Some(""));
            }
            form = wanted.fallback();
        }
        None
    }

    /// A term that has one form only.
    pub fn word(&self, term: OtherTerm) -> &'a str {
        self.term(term.into(), TermForm::Long, false).unwrap_or_default()
    }

    /// The grammatical gender of a term.
    pub fn gender(&self, term: Term) -> Option<GrammarGender> {
        self.places.iter().find_map(|place| place.term(term, TermForm::Long))?.gender
    }

    /// What stands after a number that counts places: `st`, `nd`.
    pub fn ordinal_suffix(&self, number: u32, gender: Option<GrammarGender>) -> &'a str {
        let place = self.places.iter().find(|place| place.ordinals().is_some());
        let terms =
            place.and_then(|place| place.terms.as_ref()).map(|terms| terms.terms.as_slice()).unwrap_or_default();
        // Styles of CSL 1.0 had no general suffix: that for 4 stood for all others, the teens among them.
        let is_general = |wanted| terms.iter().any(|term| term.name == Term::Other(wanted));
        let is_old = !is_general(OtherTerm::Ordinal) && is_general(OtherTerm::OrdinalN(4));
        let best = terms
            .iter()
            .filter(|term| term.gender_form.is_none() || term.gender_form == gender)
            .filter_map(|term| {
                let is_for_others = is_old && term.name == Term::Other(OtherTerm::OrdinalN(4));
                let is_teen = is_old && (11..=13).contains(&(number % 100));
                let rank = ordinal_rank(term.name, term.match_, number).filter(|_| !is_teen);
                let rank = rank.or(is_for_others.then_some(0))?;
                Some((rank, term.gender_form.is_some(), term))
            })
            .max_by_key(|(rank, is_gendered, _)| (*rank, *is_gendered));
        best.and_then(|(.., term)| term.single()).unwrap_or_default()
    }

    /// A number from 1 to 10 in words: `first`.
    pub fn long_ordinal(&self, number: u32) -> Option<&'a str> {
        let number = u8::try_from(number).ok().filter(|number| (1..=10).contains(number))?;
        self.term(OtherTerm::LongOrdinal(number).into(), TermForm::Long, false)
    }

    /// The parts of a date in the order of the language.
    pub fn date(&self, form: DateForm) -> Option<&'a Date> {
        self.places.iter().flat_map(|place| &place.date).find(|date| date.form == Some(form))
    }

    /// Whether full stops and commas go before closing quotation marks.
    pub fn has_punctuation_in_quotes(&self) -> bool {
        self.places.iter().find_map(|place| place.style_options?.punctuation_in_quote).unwrap_or_default()
    }

    /// Whether only the first of a month is written as an ordinal.
    pub fn has_ordinal_for_first_day_only(&self) -> bool {
        self.places.iter().find_map(|place| place.style_options?.limit_day_ordinals_to_day_1).unwrap_or_default()
    }
}

/// How well an ordinal term fits a number, `None` where it does not: two digits beat one, and one beats the general
/// term.
fn ordinal_rank(term: Term, match_: Option<OrdinalMatch>, number: u32) -> Option<u8> {
    let Term::Other(term) = term else { return None };
    let OtherTerm::OrdinalN(of) = term else { return (term == OtherTerm::Ordinal).then_some(0) };
    let of = u32::from(of);
    let (fits, rank) = match (match_, of) {
        (Some(OrdinalMatch::WholeNumber), _) => (number == of, 3),
        (Some(OrdinalMatch::LastTwoDigits), _) | (_, 10..) => (number % 100 == of, 2),
        _ => (number % 10 == of, 1),
    };
    fits.then_some(rank)
}
