//! Random recordings against a list of messages.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

fn properties() -> impl Strategy<Value = Option<PublishProperties>> {
    prop_oneof![
        4 => Just(None),
        1 => ("[a-z]{0,9}", any::<Option<u32>>(), vec((".{0,5}", ".{0,5}"), 1..3)).prop_map(
            |(content_type, message_expiry_interval_s, user_properties)| Some(PublishProperties {
                content_type: Some(content_type),
                message_expiry_interval_s,
                user_properties,
                ..PublishProperties::default()
            })
        ),
    ]
}

/// A message and how far the clock goes before the next: mostly forward, sometimes far back.
fn step() -> impl Strategy<Value = (Owned, i64)> {
    let topic = prop_oneof![
        (0..5_u8).prop_map(|n| format!("busy/{n}")),
        (0..200_u8).prop_map(|n| format!("quiet/{n}"))
    ];
    let flags = (0..3_u8, any::<bool>(), any::<bool>());
    let clock = prop_oneof![20 => 0..1_000_i64, 1 => -100_000..100_000_i64];
    (topic, vec(any::<u8>(), 0..40), flags, properties(), clock).prop_map(
        |(topic, payload, (qos, retain, dup), properties, clock)| {
            let flags = Flags { qos: QoS::try_from(qos).unwrap(), retain, dup };
            (Owned { flags, properties, ..plain(&topic, payload, 0) }, clock)
        },
    )
}

fn messages() -> impl Strategy<Value = Vec<Owned>> {
    vec(step(), 1..400).prop_map(|steps| {
        let mut at = 1_700_000_000_000_000;
        let timed = steps.into_iter().map(|(message, clock)| {
            at += clock;
            Owned { at, ..message }
        });
        timed.collect()
    })
}

/// The newest message of every topic after these.
fn newest(messages: &[Owned]) -> Vec<Owned> {
    let by_topic: std::collections::BTreeMap<&[u8], &Owned> =
        messages.iter().map(|message| (message.topic.as_slice(), message)).collect();
    by_topic.into_values().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_recording_gives_back_what_was_fed_at_any_moment(messages in messages(), moments in vec(any::<prop::sample::Index>(), 6)) {
        let folder = TempDir::new().unwrap();
        record(small(folder.path()), &messages);
        let recording = Recording::open(folder.path()).unwrap();
        prop_assert_eq!(&all(&recording), &messages);

        // A tree at a moment is the tree that was fed up to the last message that is not later.
        for moment in moments {
            let at = moment.get(&messages).at;
            let end = messages.iter().rposition(|message| message.at <= at).map_or(0, |last| last + 1);
            prop_assert_eq!(state(&recording, at), newest(&messages[..end]));
        }
        prop_assert_eq!(state(&recording, i64::MIN), []);
        prop_assert_eq!(state(&recording, i64::MAX), newest(&messages));

        for topic in ["busy/1", "quiet/7", "never"] {
            let own = messages.iter().filter(|message| message.topic == topic.as_bytes());
            let expected: Vec<Owned> = own.rev().cloned().collect();
            prop_assert_eq!(history(&recording, topic.as_bytes()), expected);
        }

        let (from, to) = (messages[0].at, messages[messages.len() / 2].at);
        let wants = |topic: &[u8]| topic.starts_with(b"quiet/");
        let query = Query { from: Some(Timestamp(from)), to: Some(Timestamp(to)), wants: &wants };
        let expected = messages.iter().filter(|message| {
            (from..to).contains(&message.at) && message.topic.starts_with(b"quiet/")
        });
        let expected: Vec<Owned> = expected.cloned().collect();
        prop_assert_eq!(matching(&recording, &query), expected);
        prop_assert_eq!(recording.damage(), []);
        let topics = recording.topics(|_| true);
        prop_assert_eq!(topics.len(), newest(&messages).len());
    }
}
