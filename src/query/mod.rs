//! What is looked for and what is plotted: the bridges between the model, which keeps messages, and `payload`, which
//! reads them. Neither of the two knows the other.

pub mod broker;
mod number_at;
mod reading;
mod search;
mod slow_search;
mod text_finder;

pub use number_at::NumberAt;
pub use reading::{choice_for, choice_of_topic};
pub use search::{Meaning, Search, SearchError, SearchQuery};
