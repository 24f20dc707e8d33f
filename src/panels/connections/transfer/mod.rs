//! The dialogs of import and export: what a person is asked. `app` reads and writes the files.

mod export;
mod import;

pub(super) use crate::panels::connections::transfer::export::ExportQuestion;
pub(super) use crate::panels::connections::transfer::import::ImportPreview;
