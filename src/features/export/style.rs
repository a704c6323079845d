//! Citation styles: those built in, by name, and any other as the text of a `.csl` file.

use hayagriva::archive::ArchivedStyle;
use hayagriva::citationberg::{DependentStyle, IndependentStyle, Style};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::citeproc;

/// The style that is taken where none is named.
pub const DEFAULT_STYLE: &str = "apa";

/// A style in which reference lists can be set.
#[derive(Debug, Clone)]
pub struct ReferenceStyle {
    pub(super) csl: IndependentStyle,
}

/// Why a style cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StyleError {
    /// No built-in style has this name; with the names nearest to it.
    #[error("no style is called \"{name}\"; {}", advice(.near))]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// Names of built-in styles that resemble it, nearest first; may be empty.
        near: Vec<&'static str>,
    },
    /// The text is not a CSL style.
    #[error("it is no CSL style: {0}")]
    NotCsl(String),
    /// The style only points to another one, which is not built in.
    #[error("it is a dependent style without rules of its own; give the path of its parent's .csl file, {0}")]
    Dependent(String),
    /// The style is for footnotes only.
    #[error("the style \"{0}\" has no reference list")]
    NoReferenceList(String),
    /// The elements of the style are nested too deep, or one of them is too long.
    #[error(
        "its elements are nested deeper than {MAX_NESTED} or longer than {MAX_LONG_BYTES} bytes, as those of no real style are"
    )]
    TooDeep,
    /// The macros of the style call each other without end or too often.
    #[error(
        "the macros of the style \"{0}\" call each other without end or too often; use a style without such macros"
    )]
    TooComplex(String),
}

impl ReferenceStyle {
    /// A built-in style by name, such as `apa`, `ieee` or `chicago-author-date`; capitals do not count, and spaces
    /// stand for hyphens.
    pub fn named(name: &str) -> Result<ReferenceStyle, StyleError> {
        let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
        let Some(archived) = ArchivedStyle::by_name(&wanted) else {
            return Err(StyleError::Unknown { name: name.trim().to_owned(), near: near(&wanted) });
        };
        Self::from_style(archived.get())
    }

    /// A style from the text of a `.csl` file.
    pub fn from_csl(text: &str) -> Result<ReferenceStyle, StyleError> {
        if !is_shallow(text) {
            return Err(StyleError::TooDeep);
        }
        let read = || Self::from_style(Style::from_xml(text).map_err(|error| StyleError::NotCsl(error.to_string()))?);
        bounded(read).unwrap_or_else(|| Err(StyleError::NotCsl("reading it failed".to_owned())))
    }

    /// The same style with entries left in the order of their first citation, whatever it sorts them by.
    #[must_use]
    pub fn in_order_of_citation(mut self) -> ReferenceStyle {
        if let Some(list) = &mut self.csl.bibliography {
            list.sort = None;
        }
        self
    }

    /// The names of the built-in styles that have a reference list, sorted; a style may have several names.
    pub fn names() -> Vec<&'static str> {
        let with_list = ArchivedStyle::all().iter().filter(|style| Self::from_style(style.get()).is_ok());
        let mut names: Vec<&str> = with_list.flat_map(|style| style.names()).copied().collect();
        names.sort_unstable();
        names
    }

    fn from_style(style: Style) -> Result<ReferenceStyle, StyleError> {
        match style {
            Style::Independent(csl) if citeproc::is_too_complex(&csl) => {
                Err(StyleError::TooComplex(csl.info.title.value))
            }
            Style::Independent(csl) if csl.bibliography.is_some() => Ok(ReferenceStyle { csl }),
            Style::Independent(csl) => Err(StyleError::NoReferenceList(csl.info.title.value)),
            Style::Dependent(csl) => Self::of_parent(csl),
        }
    }

    /// What a style without rules of its own points to, in its own language, where that is built in.
    fn of_parent(child: DependentStyle) -> Result<ReferenceStyle, StyleError> {
        let parent = child.parent_link.href;
        let name = parent.rsplit('/').next().unwrap_or_default();
        let archived = ArchivedStyle::by_name(name).map(ArchivedStyle::get);
        let Some(style @ Style::Independent(_)) = archived else { return Err(StyleError::Dependent(parent)) };
        let mut style = Self::from_style(style)?;
        style.csl.default_locale = child.default_locale.or(style.csl.default_locale);
        Ok(style)
    }
}

/// The deepest that elements of a style may be nested; those of known styles are less than a third of it.
const MAX_NESTED: usize = 100;

/// The longest that a tag with its attributes may be.
const MAX_LONG_BYTES: usize = 16 << 10;

/// Whether no element is nested too deep or too long, as far as the text is XML: the reader goes down into them.
fn is_shallow(text: &str) -> bool {
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) if tag.len() > MAX_LONG_BYTES => return false,
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            // Who reads it reports what is wrong.
            Ok(Event::Eof) | Err(_) => return true,
            Ok(_) => {}
        }
        if depth > MAX_NESTED {
            return false;
        }
    }
}

/// Runs something that a style may take deep on a thread with a stack that is large enough for all that is let through.
/// `None` where it fails.
pub(super) fn bounded<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    const STACK: usize = 16 << 20;
    let builder = std::thread::Builder::new().name("style".to_owned()).stack_size(STACK);
    std::thread::scope(|scope| builder.spawn_scoped(scope, work).ok()?.join().ok())
}

/// The names that contain what was asked for or differ from it in few letters.
fn near(wanted: &str) -> Vec<&'static str> {
    const MAX_NAMES: usize = 5;
    let names = ArchivedStyle::all().iter().flat_map(|style| style.names()).copied();
    let mut near: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let distance = strsim::osa_distance(name, wanted);
            let is_part = wanted.len() >= 3 && (name.contains(wanted) || wanted.contains(name));
            (is_part || distance * 3 <= wanted.len().max(4)).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(MAX_NAMES).map(|(_, name)| name).collect()
}

fn advice(near: &[&str]) -> String {
    let files = "or give the path of a .csl file";
    if near.is_empty() {
        format!("take one such as apa, ieee, mla, chicago-author-date or nature, {files}")
    } else {
        format!("did you mean {}? {}", near.join(" or "), files.replacen("or give", "Or give", 1))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn styles_are_found_by_name() {
        for name in ["apa", "APA", "ieee", "chicago author date", "mla", "nature", DEFAULT_STYLE] {
            assert!(ReferenceStyle::named(name).is_ok(), "{name}");
        }
        let names = ReferenceStyle::names();
        assert!(names.contains(&"apa") && names.len() > 60, "{}", names.len());
        assert!(names.iter().all(|name| ReferenceStyle::named(name).is_ok()));
    }

    #[test]
    fn unknown_styles_suggest_others() {
        let error = ReferenceStyle::named("iee").unwrap_err();
        assert!(matches!(&error, StyleError::Unknown { near, .. } if near[0] == "ieee"), "{error:?}");
        let error = ReferenceStyle::named("chicago").unwrap_err().to_string();
        assert!(error.starts_with("no style is called \"chicago\"; did you mean chicago-"), "{error}");
        let error = ReferenceStyle::named("qqqqqqqq").unwrap_err().to_string();
        assert!(error.contains("such as apa"), "{error}");
    }

    #[test]
    fn what_is_nested_too_deep_is_told_and_not_gone_down_into() {
        for count in [MAX_NESTED + 1, 100_000] {
            for (open, close) in
                [("<group>", "</group>"), ("<group>", ""), ("<choose><if type='book'>", "</if></choose>")]
            {
                let text = format!("<style>{}{}</style>", open.repeat(count), close.repeat(count));
                assert_eq!(ReferenceStyle::from_csl(&text).unwrap_err(), StyleError::TooDeep, "{count} {open}");
            }
        }
        let long = format!("<style><text value='{}'/></style>", "x".repeat(MAX_LONG_BYTES));
        assert_eq!(ReferenceStyle::from_csl(&long).unwrap_err(), StyleError::TooDeep);
    }

    #[test]
    fn a_style_that_points_to_one_built_in_has_its_rules() {
        let child = |parent: &str| {
            format!(
                r#"<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" default-locale="de-DE"><info>
                <title>Gulls Quarterly</title><id>gulls</id><updated>2020-01-01T00:00:00+00:00</updated>
                <link href="http://www.zotero.org/styles/{parent}" rel="independent-parent"/></info></style>"#
            )
        };
        let style = ReferenceStyle::from_csl(&child("ieee")).unwrap();
        let parent = ReferenceStyle::named("ieee").unwrap();
        assert_eq!(style.csl.bibliography, parent.csl.bibliography);
        assert_eq!(style.csl.default_locale.unwrap().0, "de-DE");
        let error = ReferenceStyle::from_csl(&child("gull-studies")).unwrap_err();
        assert!(matches!(error, StyleError::Dependent(parent) if parent.ends_with("/gull-studies")));
    }

    #[test]
    fn what_is_no_style_is_reported() {
        assert!(matches!(ReferenceStyle::from_csl("{}"), Err(StyleError::NotCsl(_))));
        assert!(matches!(ReferenceStyle::from_csl(""), Err(StyleError::NotCsl(_))));
    }
}
