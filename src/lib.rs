pub mod corpus;
pub mod library;
pub mod notes;
pub mod paper;
pub mod text;
