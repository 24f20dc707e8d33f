//! What a session knows: the topics as a tree, their messages and numbers.

pub mod message;
