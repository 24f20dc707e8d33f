//! Payloads that independent programs wrote (`scripts/payload-samples`), and what they are to be read as.

use crate::payload::decode::{Choice, detect, inside, json};
use crate::payload::schema::SchemaFiles;
use crate::payload::{DecodeLimits, hex, never, unpack};

/// The schemas that the payloads were written by.
fn schemas() -> SchemaFiles {
    SchemaFiles::new(|path| match path {
        "plant.proto" => Ok(include_bytes!("../../../tests/data/schemas/plant.proto").to_vec()),
        "units/unit.proto" => Ok(include_bytes!("../../../tests/data/schemas/units/unit.proto").to_vec()),
        "reading.avsc" => Ok(include_bytes!("../../../tests/data/schemas/reading.avsc").to_vec()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    })
}

#[test]
fn payloads_of_other_programs_are_read_as_they_meant_them() {
    let limits = DecodeLimits::default();
    let mut count = 0;
    for line in include_str!("../../../tests/data/payload-samples.tsv").lines() {
        let [choice, payload, value]: [&str; 3] =
            line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let payload = hex::parse(payload).unwrap();
        let read = match choice {
            "-" => json(detect(&payload).unwrap().decoder(), &payload, &limits, &never).unwrap().unwrap(),
            choice => {
                let choice = Choice::read(choice, &schemas()).unwrap();
                choice.decoder().json(&payload, &limits, &never).unwrap().unwrap().into_owned()
            }
        };
        assert_eq!(read, value, "{choice}");
        count += 1;
    }
    assert_eq!(count, 27);
}

#[test]
fn what_is_inside_is_told_with_its_packing() {
    for line in include_str!("../../../tests/data/payload-samples.tsv").lines() {
        let [choice, payload, _]: [&str; 3] =
            line.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let payload = hex::parse(payload).unwrap();
        let layers = unpack(&payload, &DecodeLimits::default(), &never).unwrap().layers;
        let seen = inside(&payload, |_, packings| packings.to_vec());
        assert_eq!(seen, layers, "{choice}");
    }
}
