//! One value out of a payload: a number that is the whole payload, or the value at a path in JSON.

mod number;
mod path;
mod scan;

pub use number::number_of;
pub use path::{JsonPath, PathError, PathProblem, Segment};
pub use scan::{FoundValue, number_at, value_at};

#[cfg(test)]
mod tests;
