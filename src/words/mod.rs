//! Every sentence that a person sees, made from typed data, in English and in Simplified Chinese.
//!
//! One file for each part of the program. A file holds constants for labels ([`Label`]) and functions for sentences
//! with values, which take the [`Language`] last. Both languages are written where the text is made: a translation
//! that is missing does not compile. Code decides on data and never on a sentence.
//!
//! The window speaks the language of the settings, the command line always English.

pub mod about;
pub mod app;
mod certificate;
pub mod changes;
pub mod check;
pub mod cli;
pub mod clipboard;
pub mod commands;
pub mod confirm;
pub mod connection_form;
pub mod connection_summary;
pub mod connection_test;
pub mod connections;
pub mod decoders;
pub mod doctor;
pub mod encoding;
pub mod exchange;
mod failure;
pub mod filter;
pub mod format;
pub mod inspector;
mod language;
pub mod log;
pub mod log_panel;
mod model;
pub mod options;
pub mod overview;
mod packet;
pub mod packets;
pub mod palette;
pub mod path_dialog;
pub mod payload;
pub mod performance;
pub mod plot_editor;
pub mod plot_page;
pub mod plots;
pub mod publish;
pub mod reason;
pub mod recording;
pub mod rejection;
pub mod replies;
pub mod request;
pub mod retained;
pub mod saved;
pub mod search;
pub mod secrets;
pub mod secrets_dialog;
pub mod sending;
pub mod sequence;
pub mod sequences;
pub mod session;
pub mod settings;
pub mod sparkplug;
pub mod status;
pub mod store;
pub mod stream;
pub mod subscriptions;
pub mod template;
pub mod timebar;
pub mod topics;
pub mod transfer;
pub mod url;
pub mod widgets;

pub use failure::{Told, failure, failure_line, failure_whole, names_not_shown};
pub use language::{Label, Language, label};
