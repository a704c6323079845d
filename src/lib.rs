pub mod config;
pub mod corpus;
pub mod features;
pub mod library;
pub mod notes;
pub mod paper;
pub mod text;
pub mod vault;
