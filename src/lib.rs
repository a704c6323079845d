pub mod corpus;
pub mod paper;
