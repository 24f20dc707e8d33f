//! Arbitrary text as a schema, as a layout, and as what is to be written in each format.
//!
//!     cargo +nightly fuzz run schemas

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::payload::decode::{Choice, DECODERS};
use mqttree_fuzz::payload::encode::encode;
use mqttree_fuzz::payload::schema::SchemaFiles;
use mqttree_fuzz::payload::never;
use mqttree_fuzz::{LIMITS, schemas};

static CHOICES: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    let texts = [
        "protobuf:plant.proto#plant.Reading",
        "avro:reading.avsc",
        "struct:u16le temp/100 °C, i8 rssi, u32be time:unix, bits flags{on,alarm,mode:2}, text[4] name, bytes rest",
        "numbers:f32le",
    ];
    let plain = DECODERS.iter().map(|(format, _)| Choice::plain(*format));
    texts.into_iter().filter_map(|text| Choice::read(text, &schemas()).ok()).chain(plain).collect()
});

fuzz_target!(|input: &[u8]| {
    let Ok(text) = str::from_utf8(input) else { return };
    let shared: Arc<[u8]> = input.into();
    let files = SchemaFiles::new(move |_| Ok(shared.to_vec()));
    for choice in ["protobuf:a.proto", "protobuf:a.desc", "avro:a.avsc", "json:a.schema.json"] {
        Choice::read(choice, &files).ok();
    }
    for format in ["struct", "numbers"] {
        if let Ok(choice) = format!("{format}:{text}").parse::<Choice>() {
            let _ = choice.decoder().json(input, &LIMITS, &never);
        }
    }
    for choice in &*CHOICES {
        encode(choice, text).ok();
    }
});
