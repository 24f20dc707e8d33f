//! One open connection: worker thread → channel → ingest thread → model.

pub mod status;
