pub mod config;
pub mod corpus;
pub mod library;
pub mod paper;
