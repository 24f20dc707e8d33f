//! What acts by itself on a connection of its own: the rules that answer messages, the steps of a sequence, and a request
//! that waits for its response.
//!
//! `reply` and `sequence` say what to do; here it is done, each on a thread with a second session, whose client ID,
//! subscriptions and will are not those of the session that a person looks at. Dropping a handle ends its connection;
//! nothing waits for that.

mod arrivals;
mod requester;
mod responder;
mod sequence_board;
mod sequence_thread;
mod steps;

pub use crate::automation::arrivals::{ArrivedMessage, MessageChannel};
pub use crate::automation::requester::{RequestFailure, RequestPhase, RequestState, Requester, Response};
pub use crate::automation::responder::{Responder, ResponderState};
pub use crate::automation::sequence_board::{SequenceBoard, SequenceFile, SequenceFileError};
pub use crate::automation::sequence_thread::{SequencePhase, SequenceState, SequenceThread};
pub use crate::automation::steps::{Performance, Unfinished, subscriptions, variables_of};
