//! Tries to break the program for a limited time and counts the attempts it survived:
//!
//!     cargo run --release --example abuse -- [--seconds 300] [--seed 1] [GROUP...]
//!
//! The groups are `packets` (malformed and damaged packets), `hostile` (brokers that lie, stall or flood), `outages`
//! (brokers that come and go), `saving` (processes killed while saving files) and `pastes` (large and odd texts pasted
//! into every field). Everything stays on this machine. The program prints each failure and `N tried, M held`, and
//! exits with status 1 unless everything held.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "an attempt fails by panicking")]

mod brokers;
mod hostile;
mod outages;
mod packets;
mod pastes;
mod saving;
mod tally;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use tally::Tally;

/// One group: its name, its share of the time, and what it runs until then.
type Group = (&'static str, u32, fn(&mut Tally));

const GROUPS: &[Group] = &[
    ("packets", 3, packets::run),
    ("hostile", 2, hostile::run),
    ("outages", 2, outages::run),
    ("saving", 2, saving::run),
    ("pastes", 1, pastes::run),
];

/// The longest run, in seconds.
const SECONDS_MAX: u64 = 600;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let mut seconds = 300;
    let mut seed = 1;
    let mut names = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seconds" => seconds = number(arguments.next()).min(SECONDS_MAX),
            "--seed" => seed = number(arguments.next()),
            saving::CHILD => return saving::child(&arguments.next().expect("a file")),
            name if GROUPS.iter().any(|(group, ..)| *group == name) => names.push(name.to_owned()),
            other => panic!("{other}: no such group or option"),
        }
    }
    tally::count_panics();
    let chosen =
        || GROUPS.iter().filter(|(name, ..)| names.is_empty() || names.iter().any(|own| own == name));
    let shares: u32 = chosen().map(|(_, share, _)| share).sum();
    let mut tried = 0;
    let mut held = 0;
    for (name, share, run) in chosen() {
        let until = Instant::now() + Duration::from_secs(seconds) * *share / shares;
        let mut tally = Tally::new(name, seed, until);
        run(&mut tally);
        println!("{name}: {} tried, {} held", tally.tried, tally.held);
        tried += tally.tried;
        held += tally.held;
    }
    println!("{tried} tried, {held} held");
    ExitCode::from(u8::from(tried != held || tried == 0))
}

fn number(argument: Option<String>) -> u64 {
    argument.and_then(|text| text.parse().ok()).expect("a number follows")
}
