//! Languages: the names that `babel` has for them in `.bib` files, and the codes of everyone else.

/// Names of `babel` and `polyglossia` with their code, sorted by name. Where a code has several names, that to be
/// written is in [`NAMES`].
const CODES: [(&str, &str); 57] = [
    ("american", "en-US"),
    ("arabic", "ar"),
    ("australian", "en-AU"),
    ("austrian", "de-AT"),
    ("bahasa", "id"),
    ("basque", "eu"),
    ("belarusian", "be"),
    ("brazil", "pt-BR"),
    ("brazilian", "pt-BR"),
    ("british", "en-GB"),
    ("bulgarian", "bg"),
    ("canadian", "en-CA"),
    ("canadien", "fr-CA"),
    ("catalan", "ca"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("galician", "gl"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("icelandic", "is"),
    ("indonesian", "id"),
    ("irish", "ga"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("latin", "la"),
    ("latvian", "lv"),
    ("lithuanian", "lt"),
    ("naustrian", "de-AT"),
    ("newzealand", "en-NZ"),
    ("ngerman", "de"),
    ("norsk", "nb"),
    ("norwegian", "nb"),
    ("nswissgerman", "de-CH"),
    ("nynorsk", "nn"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("serbian", "sr"),
    ("slovak", "sk"),
    ("slovene", "sl"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
];

/// Codes with the name that `babel` and `biblatex` take for them, sorted by code.
const NAMES: [(&str, &str); 48] = [
    ("ar", "arabic"),
    ("bg", "bulgarian"),
    ("ca", "catalan"),
    ("cs", "czech"),
    ("da", "danish"),
    ("de", "german"),
    ("de-at", "naustrian"),
    ("de-ch", "nswissgerman"),
    ("de-de", "german"),
    ("el", "greek"),
    ("en", "english"),
    ("en-au", "australian"),
    ("en-ca", "canadian"),
    ("en-gb", "british"),
    ("en-nz", "newzealand"),
    ("en-us", "american"),
    ("es", "spanish"),
    ("es-es", "spanish"),
    ("et", "estonian"),
    ("eu", "basque"),
    ("fi", "finnish"),
    ("fr", "french"),
    ("fr-ca", "canadien"),
    ("fr-fr", "french"),
    ("gl", "galician"),
    ("he", "hebrew"),
    ("hr", "croatian"),
    ("hu", "hungarian"),
    ("is", "icelandic"),
    ("it", "italian"),
    ("it-it", "italian"),
    ("ja", "japanese"),
    ("la", "latin"),
    ("lt", "lithuanian"),
    ("lv", "latvian"),
    ("nb", "norsk"),
    ("nl", "dutch"),
    ("nn", "nynorsk"),
    ("pl", "polish"),
    ("pt", "portuguese"),
    ("pt-br", "brazilian"),
    ("ro", "romanian"),
    ("ru", "russian"),
    ("sk", "slovak"),
    ("sl", "slovene"),
    ("sv", "swedish"),
    ("tr", "turkish"),
    ("uk", "ukrainian"),
];

/// The code of a language by name; `None` for what is no such name.
pub(super) fn code_of(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    find(&CODES, &name)
}

/// The name of a language by code, `de` or `de-DE`; `None` where there is none.
pub(super) fn name_of(code: &str) -> Option<&'static str> {
    let code = code.trim().replace('_', "-").to_lowercase();
    find(&NAMES, &code)
}

fn find(table: &'static [(&str, &'static str)], key: &str) -> Option<&'static str> {
    let at = table.binary_search_by_key(&key, |(key, _)| key).ok()?;
    table.get(at).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_agree() {
        assert!(CODES.is_sorted() && NAMES.is_sorted());
        for (code, name) in NAMES {
            let back = code_of(name).map(str::to_lowercase).unwrap_or_default();
            assert!(code.starts_with(&back), "{code} {name} {back}");
        }
        assert_eq!(code_of("German"), Some("de"));
        assert_eq!(name_of("fr_FR"), Some("french"));
        assert_eq!((code_of("de"), name_of("german")), (None, None));
    }
}
