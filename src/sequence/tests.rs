use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::message::{Flags, MessageRef, Payload, Timestamp};

const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

fn run(text: &str) -> SequenceRun {
    SequenceRun::new(Sequence::parse(text).unwrap(), BTreeMap::new(), 7)
}

fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

fn arrive(run: &mut SequenceRun, topic: &str, payload: &str, retain: bool) {
    run.arrived(MessageRef {
        topic: topic.as_bytes(),
        payload: Payload::Small(payload.as_bytes()),
        flags: Flags { retain, ..Flags::default() },
        properties: None,
        arrived: NOW,
    });
}

/// What it publishes now, acknowledged at once.
fn published(run: &mut SequenceRun, at: Duration) -> (String, String) {
    let Todo::Publish(publish) = run.next(at, NOW) else { panic!("{run:?}") };
    run.published(at, Ok(()));
    (publish.topic, String::from_utf8(publish.payload.to_vec()).unwrap())
}

fn states(run: &SequenceRun) -> String {
    let sign = |result: &StepResult| match result.state {
        StepState::NotReached => '-',
        StepState::Running => '>',
        StepState::Passed => '+',
        StepState::Failed(_) => 'x',
    };
    run.results().iter().map(sign).collect()
}

fn failure(run: &SequenceRun) -> StepFailure {
    let failed = run.results().iter().find_map(|result| match &result.state {
        StepState::Failed(failure) => Some((**failure).clone()),
        _ => None,
    });
    failed.unwrap()
}

const LAMP: &str = r#"
[variables]
room = "kitchen"

[[step]]
publish = "lamp/{{room}}/set"
payload = '{"state": "ON"}'

[[step]]
expect = "lamp/{{room}}/state"
within = "2 s"
where = '.state == "ON"'

[[step]]
capture = "id"
from = ".id"

[[step]]
wait = "500 ms"

[[step]]
publish = "lamp/{{id}}/off"
"#;

#[test]
fn a_sequence_passes_step_by_step_with_its_times() {
    let mut run = run(LAMP);
    assert_eq!(run.sequence().filters(), ["lamp/+/state"]);
    assert_eq!(published(&mut run, ms(0)), ("lamp/kitchen/set".to_owned(), "{\"state\": \"ON\"}".to_owned()));
    assert_eq!(run.next(ms(0), NOW), Todo::WaitUntil(ms(2_000)));
    arrive(&mut run, "lamp/kitchen/state", "{\"state\": \"OFF\"}", false);
    arrive(&mut run, "lamp/cellar/state", "{\"state\": \"ON\"}", false);
    assert_eq!(run.next(ms(100), NOW), Todo::WaitUntil(ms(2_000)));
    arrive(&mut run, "lamp/kitchen/state", "{\"state\": \"ON\", \"id\": 42}", false);
    assert_eq!(run.next(ms(300), NOW), Todo::WaitUntil(ms(800)));
    assert_eq!(states(&run), "+++>-");
    assert_eq!(published(&mut run, ms(800)).0, "lamp/42/off");
    assert_eq!(run.next(ms(801), NOW), Todo::Nothing);
    assert!(run.has_passed() && run.is_over());
    let took: Vec<_> = run.results().iter().map(|result| result.took).collect();
    assert_eq!(took, [ms(0), ms(300), ms(0), ms(500), ms(0)]);
}

#[test]
fn what_came_instead_is_told_and_the_rest_is_not_reached() {
    let mut run = run(LAMP);
    published(&mut run, ms(0));
    arrive(&mut run, "lamp/kitchen/state", "{\"state\": \"OFF\"}", false);
    arrive(&mut run, "lamp/kitchen/state", "{\"state\": \"ON\"}", true);
    run.next(ms(0), NOW);
    assert_eq!(run.next(ms(2_000), NOW), Todo::Nothing);
    assert_eq!(states(&run), "+x---");
    let last = Some("{\"state\": \"ON\"}".to_owned());
    let within = Duration::from_secs(2);
    let told = StepFailure::NotExpected { within, unmet: 1, other_retained: 1, last, forgotten: 0 };
    assert_eq!(failure(&run), told);
}

/// A state from before is no answer, but the answer to one of several publishes in a row may come before the next.
#[test]
fn a_message_counts_from_the_publishes_before_it_on() {
    let text = r#"
[[step]]
expect = "a"
[[step]]
publish = "b"
[[step]]
publish = "c"
[[step]]
expect = "a"
"#;
    let mut run = run(text);
    run.next(ms(0), NOW);
    arrive(&mut run, "a", "1", false);
    arrive(&mut run, "a", "old", false);
    assert_eq!(published(&mut run, ms(1)).0, "b");
    arrive(&mut run, "a", "new", false);
    assert_eq!(published(&mut run, ms(2)).0, "c");
    assert_eq!(run.next(ms(3), NOW), Todo::Nothing);
    assert_eq!(states(&run), "++++");
}

#[test]
fn a_kept_message_is_expected_only_if_the_step_says_so() {
    let mut run = run(
        "[[step]]\nexpect = \"status\"\nretained = true\nwithin = \"1 s\"\ncapture = \"s\"\nfrom = \"$\"\n\
                       [[step]]\npublish = \"t\"\npayload = \"{{s}} {{counter}}\"",
    );
    run.next(ms(0), NOW);
    arrive(&mut run, "status", "live", false);
    assert_eq!(run.next(ms(1), NOW), Todo::WaitUntil(ms(1_000)));
    arrive(&mut run, "status", "online", true);
    assert_eq!(published(&mut run, ms(2)).1, "online 1");
}

#[test]
fn failures_of_each_kind_are_data() {
    let fails = |text: &str| {
        let mut run = run(text);
        while let Todo::Publish(_) = run.next(ms(0), NOW) {
            arrive(&mut run, "a", "[]", false);
            run.published(ms(0), Ok(()));
        }
        failure(&run)
    };
    assert!(matches!(fails("[[step]]\npublish = \"{{nobody}}\""), StepFailure::Template(_)));
    assert!(matches!(fails("[variables]\nx = \"#\"\n[[step]]\npublish = \"{{x}}\""), StepFailure::Topic(_)));
    let levels = "[variables]\nx = \"a/b\"\n[[step]]\nexpect = \"{{x}}\"";
    assert_eq!(fails(levels), StepFailure::OtherLevels("a/b".to_owned()));
    assert_eq!(fails("[[step]]\ncapture = \"x\"\nfrom = \"y\""), StepFailure::NoMessage);
    let nothing =
        "[[step]]\npublish = \"t\"\n[[step]]\nexpect = \"a\"\n[[step]]\ncapture = \"x\"\nfrom = \"y\"";
    assert_eq!(fails(nothing), StepFailure::NothingAt("y".to_owned()));
    let mut run = run(LAMP);
    run.next(ms(0), NOW);
    assert_eq!(run.next(Duration::from_secs(31), NOW), Todo::Nothing);
    assert_eq!(failure(&run), StepFailure::NotAcknowledged);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let wrong = |text: &str| {
        let error = Sequence::parse(text).unwrap_err();
        (error.line, error.problem)
    };
    assert_eq!(wrong(""), (1, SequenceProblem::NoSteps));
    assert_eq!(wrong("\n[[step]]\nname = \"x\""), (2, SequenceProblem::NoKind));
    assert_eq!(
        wrong("[[step]]\npublish = \"a\"\nexpect = \"b\""),
        (3, SequenceProblem::TwoKinds("publish", "expect"))
    );
    assert_eq!(
        wrong("[[step]]\npublish = \"a\"\n\nwithin = \"2 s\""),
        (4, SequenceProblem::Misplaced { key: "within", kind: "publish" })
    );
    assert_eq!(wrong("[[step]]\ncapture = \"a\""), (2, SequenceProblem::NoFrom));
    assert_eq!(wrong("[[step]]\nwait = \"2\""), (2, SequenceProblem::Duration("2".to_owned())));
    assert_eq!(wrong("[[step]]\nwait = \"1e9 s\"").1, SequenceProblem::Duration("1e9 s".to_owned()));
    assert_eq!(wrong("[[step]]\npublish = \"a\"\nqos = 3"), (3, SequenceProblem::Qos(3)));
    assert!(matches!(wrong("[[step]]\npublish = \"a/#\""), (2, SequenceProblem::Topic(_))));
    assert!(matches!(wrong("[[step]]\nexpect = \"a#\""), (2, SequenceProblem::Topic(_))));
    assert!(matches!(
        wrong("[[step]]\nexpect = \"a\"\nwhere = \"x = 1\""),
        (3, SequenceProblem::Condition(_))
    ));
    assert!(matches!(
        wrong("[[step]]\npublish = \"a\"\npayload = \"{{\""),
        (3, SequenceProblem::Template(_))
    ));
    assert!(matches!(wrong("[[step]]\ncapture = \"now\"\nfrom = \"a\""), (2, SequenceProblem::Variable(_))));
    assert!(matches!(wrong("[[step]]\ncapture = \"a\"\nfrom = \"a[\""), (3, SequenceProblem::Path(_))));
    assert!(matches!(wrong("[[step]]\nwait = \"1 s\"\nwhat = 1"), (3, SequenceProblem::Toml(_))));
    assert!(matches!(wrong("[[step]]\nwait = 1"), (2, SequenceProblem::Toml(_))));
}

#[test]
fn what_waits_to_be_expected_is_bounded() {
    let mut run = run("[[step]]\nexpect = \"a\"\nwhere = \"$ == 1\"\nwithin = \"1 s\"");
    run.next(ms(0), NOW);
    for _ in 0..10_050 {
        arrive(&mut run, "a", "0", false);
    }
    run.next(ms(10), NOW);
    run.next(ms(1_000), NOW);
    let StepFailure::NotExpected { unmet, forgotten, .. } = failure(&run) else { panic!() };
    assert_eq!((unmet, forgotten), (10_000, 50));
}

#[test]
fn a_value_of_another_topic_is_subscribed_to_and_used() {
    let mut run = run("[[step]]\nwait = \"1 ms\"\n[[step]]\npublish = \"t\"\npayload = \"{{value b .c}}\"");
    assert_eq!(run.sequence().filters(), ["b"]);
    run.next(ms(0), NOW);
    arrive(&mut run, "b", "{\"c\": [1, 2]}", true);
    assert_eq!(published(&mut run, ms(1)).1, "[1, 2]");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "(\\[\\[step\\]\\]|\n|publish|expect|=|\"[a-z/{}#]*\"|where|within|7|温){0,30}") {
        drop(Sequence::parse(&text));
    }
}
