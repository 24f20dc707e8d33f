//! What is looked for and what is plotted: the bridges between the model, which keeps messages, and `payload`, which
//! reads them. Neither of the two knows the other.

mod extractor;
mod search;
mod text_finder;

pub use extractor::Extractor;
pub use search::{Meaning, Search, SearchQuery};
