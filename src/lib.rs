pub mod corpus;
pub mod paper;
pub mod library;
