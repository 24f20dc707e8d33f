//! The import and export dialogs. `app` reads and writes the files.

mod export;
mod import;

pub(super) use crate::panels::connections::transfer::export::ExportQuestion;
pub(super) use crate::panels::connections::transfer::import::ImportPreview;
