//! The floors of mqttree that read what they do not trust, without its window and its network, so that a build takes
//! minutes; and what the targets share.

#[path = "../../src/message.rs"]
pub mod message;
#[path = "../../src/model/mod.rs"]
pub mod model;
#[path = "../../src/payload/mod.rs"]
pub mod payload;
#[path = "../../src/query/mod.rs"]
pub mod query;
#[path = "../../src/recording/mod.rs"]
pub mod recording;
#[path = "../../src/template/mod.rs"]
pub mod template;

/// What is read of MQTT's packets.
pub mod mqtt {
    #[path = "../../../src/mqtt/filter/mod.rs"]
    pub mod filter;
    #[path = "../../../src/mqtt/limits.rs"]
    pub mod limits;
    #[path = "../../../src/mqtt/options/mod.rs"]
    pub mod options;
    #[path = "../../../src/mqtt/packet/mod.rs"]
    pub mod packet;
    #[path = "../../../src/mqtt/publish.rs"]
    pub mod publish;
    #[path = "../../../src/mqtt/reason.rs"]
    pub mod reason;
    #[path = "../../../src/mqtt/trace.rs"]
    pub mod trace;
}

use std::path::Path;

use crate::payload::DecodeLimits;
use crate::payload::schema::SchemaFiles;

/// Small enough that a bound is met within a run.
pub const LIMITS: DecodeLimits = DecodeLimits {
    input_bytes_max: 1 << 20,
    decoded_bytes_max: 1 << 20,
    output_bytes_max: 4 << 20,
    depth_max: 1_000,
};

/// The schemas of the tests.
pub fn schemas() -> SchemaFiles {
    SchemaFiles::new(|path| {
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/schemas").join(path))
    })
}
