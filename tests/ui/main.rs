//! The panels of the window, headless: what they show, which actions they push, and what assistive technology reads.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod about;
mod access;
mod app;
mod broker_texts;
mod chinese;
mod columns;
mod connections;
mod decoders;
mod doctor;
mod fields;
mod first_view;
mod fit;
mod folding;
mod harness;
mod inspector;
mod layout;
mod log;
mod many_connections;
mod menus;
mod overview;
mod painted;
mod palette;
mod path_dialog;
mod plot_pages;
mod plots;
mod protocol;
mod publish;
mod recordings;
mod replies;
mod retained;
mod search;
mod secrets;
mod sequences;
mod settings;
mod snapshots;
mod sparkplug;
mod status_bar;
mod subscriptions;
mod timebar;
mod topics;
mod transfer;
mod tree_menu;
mod window;
mod windows;
