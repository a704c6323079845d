pub mod notes;
pub mod text;
