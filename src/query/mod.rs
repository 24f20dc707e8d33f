//! What to search for and what to plot. These modules connect the model, which keeps messages, with `payload`, which
//! reads them; neither of those two knows the other.

pub mod broker;
mod condition;
mod differences;
mod exchange;
mod field;
mod jq;
mod learned;
mod lookup;
mod number_at;
mod outside;
mod plotted;
mod reading;
mod readings;
mod recipe;
mod rules;
mod search;
mod sieve;
mod slow_search;
pub mod sparkplug;
mod state_at;
mod text_finder;
mod values;

pub use condition::{Condition, ConditionError, ConditionProblem};
pub use differences::{Difference, Differs, TopicState, TreeComparison, TreeState};
pub use exchange::{Counterpart, ExchangeSearch};
pub use field::FieldValue;
pub use jq::{
    NumberQuery, QueryAnswer, QueryEnd, QueryError, QueryProblem, WORKER, WORKER_BYTES_MAX, WorkerFault,
    run_query, run_worker,
};
pub use learned::{Departure, DepartureKind, LearnedShape, ValueType};
pub use lookup::{ModelLookup, text_at};
pub use number_at::NumberAt;
pub use outside::OutsideProgram;
pub use plotted::{Plotted, PlottedAs, has_state};
pub use reading::{Births, choice_of_topic};
pub use readings::{MessageReader, Readings, choice_of_properties};
pub use recipe::{LineFault, PreparedRecipe, Recipe, RecipeError, RecipePayload, SourceFault};
pub use rules::{Rule, Rules, filter_of_topics_like, names_a_file, program_of};
pub use search::{Meaning, Search, SearchError, SearchQuery};
pub use sieve::{Candidate, Criterion, NotWanted, Sieve, Wanted};
pub use state_at::{StateAt, StateNames};
pub use values::value_line;
