//! What the fields of the records on an engine are called.

use crate::config::{RemoteField, RemotePreset, RemoteSettings};

/// The names of fields; `None` where the records have no such field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    /// One field with title, authors, venue and year.
    pub all: Option<String>,
    /// What names a paper in one word: its citation key, the end of its DOI, the initials of its title.
    pub codes: Option<String>,
    /// The short names of a paper.
    pub names: Option<String>,
    pub title: String,
    pub authors: Option<String>,
    pub year: Option<String>,
    pub venue: Option<String>,
    pub doi: Option<String>,
    pub arxiv: Option<String>,
    pub abstract_text: Option<String>,
    /// How a record is read.
    pub shape: Shape,
    /// Identifiers are in lower case and without a prefix.
    pub has_plain_ids: bool,
}

/// How a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Its member `csl` is a CSL item.
    Csl,
    /// It is a work of `OpenAlex`.
    OpenAlex,
    /// It is a paper of Semantic Scholar.
    SemanticScholar,
    /// By the names of the fields.
    Named,
}

impl Fields {
    /// The names that hold with these settings.
    pub fn new(settings: &RemoteSettings) -> Fields {
        let preset = settings.preset.value;
        let mut fields = Fields::of_preset(preset);
        let own = |field| settings.field(field).map(str::to_owned);
        if RemoteField::ALL.into_iter().any(|field| settings.field(field).is_some()) {
            // Other names than the format's own: it is not quite that format.
            if fields.shape != Shape::Csl {
                fields.shape = Shape::Named;
            }
            fields.has_plain_ids = false;
            (fields.codes, fields.names) = (None, None);
        }
        fields.title = own(RemoteField::Title).unwrap_or(fields.title);
        for (field, place) in [
            (RemoteField::All, &mut fields.all),
            (RemoteField::Authors, &mut fields.authors),
            (RemoteField::Year, &mut fields.year),
            (RemoteField::Venue, &mut fields.venue),
            (RemoteField::Doi, &mut fields.doi),
            (RemoteField::Arxiv, &mut fields.arxiv),
            (RemoteField::Abstract, &mut fields.abstract_text),
        ] {
            *place = own(field).or(place.take());
        }
        fields
    }

    pub(super) fn of_preset(preset: RemotePreset) -> Fields {
        let some = |name: &str| (!name.is_empty()).then(|| name.to_owned());
        let named = |names: [&str; 8], shape, has_plain_ids| {
            let [all, title, authors, year, venue, doi, arxiv, abstract_text] = names;
            Fields {
                all: some(all),
                codes: (shape == Shape::Csl).then(|| "codes".to_owned()),
                names: (shape == Shape::Csl).then(|| "names".to_owned()),
                title: title.to_owned(),
                authors: some(authors),
                year: some(year),
                venue: some(venue),
                doi: some(doi),
                arxiv: some(arxiv),
                abstract_text: some(abstract_text),
                shape,
                has_plain_ids,
            }
        };
        match preset {
            RemotePreset::Ibid => {
                named(["all", "title", "authors", "year", "venue", "doi", "arxiv", ""], Shape::Csl, true)
            }
            RemotePreset::OpenAlex => named(
                [
                    "",
                    "title",
                    "authorships.author.display_name",
                    "publication_year",
                    "primary_location.source.display_name",
                    "doi",
                    "",
                    "",
                ],
                Shape::OpenAlex,
                false,
            ),
            RemotePreset::SemanticScholar => named(
                ["", "title", "authors.name", "year", "venue", "externalIds.DOI", "externalIds.ArXiv", "abstract"],
                Shape::SemanticScholar,
                false,
            ),
            RemotePreset::Fatcat => named(
                // Its schema does spell it so.
                ["", "title", "contrib_names", "release_year", "container_name", "doi", "axiv_id", ""],
                Shape::Named,
                true,
            ),
        }
    }

    /// The members that an engine is to send of each record.
    pub fn sent(&self) -> Vec<&str> {
        match self.shape {
            Shape::Csl => vec!["csl"],
            Shape::OpenAlex => vec![
                "id",
                "doi",
                "ids",
                "title",
                "display_name",
                "authorships.author",
                "authorships.raw_author_name",
                "publication_date",
                "publication_year",
                "primary_location",
                "biblio",
                "type",
                "language",
                "is_retracted",
                "abstract_inverted_index",
            ],
            Shape::SemanticScholar => vec![
                "paperId",
                "corpusid",
                "title",
                "abstract",
                "authors",
                "year",
                "venue",
                "journal",
                "externalIds",
                "externalids",
                "publicationDate",
                "publicationTypes",
                "publicationVenue",
            ],
            Shape::Named => {
                let others = [&self.authors, &self.year, &self.venue, &self.doi, &self.arxiv, &self.abstract_text];
                std::iter::once(self.title.as_str()).chain(others.into_iter().flatten().map(String::as_str)).collect()
            }
        }
    }
}
