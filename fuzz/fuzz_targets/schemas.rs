//! Arbitrary bytes through the decoders that need options: layouts, rows of numbers, Protobuf and Avro by a schema; and
//! arbitrary text as a schema, as a layout, and as what is to be written.
//!
//!     cargo +nightly fuzz run schemas

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mqttree::payload::decode::{Choice, DECODERS};
use mqttree::payload::encode::encode;
use mqttree::payload::schema::SchemaFiles;
use mqttree::payload::{DecodeLimits, never, preview};

const LIMITS: DecodeLimits = DecodeLimits {
    input_bytes_max: 1 << 20,
    decoded_bytes_max: 1 << 20,
    output_bytes_max: 4 << 20,
    depth_max: 1_000,
};

static CHOICES: LazyLock<Vec<Choice>> = LazyLock::new(|| {
    let files = SchemaFiles::new(|path| match path {
        "plant.proto" => Ok(include_bytes!("../../tests/data/schemas/plant.proto").to_vec()),
        "units/unit.proto" => Ok(include_bytes!("../../tests/data/schemas/units/unit.proto").to_vec()),
        "reading.avsc" => Ok(include_bytes!("../../tests/data/schemas/reading.avsc").to_vec()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    });
    let texts = [
        "protobuf:plant.proto#plant.Reading",
        "avro:reading.avsc",
        "struct:u16le temp/100 °C, i8 rssi, u32be time:unix, bits flags{on,alarm,mode:2}, text[4] name, bytes rest",
        "numbers:f32le",
        "sparkplug",
    ];
    texts.into_iter().filter_map(|text| Choice::read(text, &files).ok()).collect()
});

fuzz_target!(|input: &[u8]| {
    for choice in &*CHOICES {
        if let Some(Err(error)) = choice.decoder().json(input, &LIMITS, &never) {
            assert!(error.offset().is_none_or(|at| at <= input.len()), "{choice}: {error:?}");
        }
        preview(input, Some(choice), 200);
    }
    let Ok(text) = str::from_utf8(input) else { return };
    let shared: std::sync::Arc<[u8]> = input.into();
    let files = SchemaFiles::new(move |_| Ok(shared.to_vec()));
    for choice in ["protobuf:a.proto", "protobuf:a.desc", "avro:a.avsc"] {
        Choice::read(choice, &files).ok();
    }
    format!("struct:{text}").parse::<Choice>().ok();
    for choice in CHOICES.iter().cloned().chain(DECODERS.iter().map(|(format, _)| Choice::plain(*format))) {
        encode(&choice, text).ok();
    }
});
