//! An earlier moment against a model that was fed up to then.

use proptest::prelude::*;

use crate::message::Timestamp;
use crate::model::tests::message;
use crate::model::{Limits, Model, NodeId, Seek, Seeking};

#[derive(Clone, Debug)]
enum Step {
    Send(Vec<u8>, u8, usize),
    Rewind(prop::sample::Index),
    Walk(bool),
    Frame,
    Live,
    Forget(prop::sample::Index),
}

fn topic() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[aB1]{1}(/[ab2]{0,1}){0,3}".prop_map(String::into_bytes),
        2 => (0..30u32).prop_map(|i| format!("wide/device-{i}").into_bytes()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        20 => (topic(), b'0'..b'4', 1..3usize).prop_map(|(topic, payload, times)| Step::Send(topic, payload, times)),
        6 => index().prop_map(Step::Rewind),
        4 => any::<bool>().prop_map(Step::Walk),
        3 => Just(Step::Frame),
        2 => Just(Step::Live),
        1 => index().prop_map(Step::Forget),
    ]
}

/// Moves the view to where it was asked to go.
fn arrive(model: &mut Model, now: i64) -> Seeking {
    loop {
        match model.seek_on(Timestamp(now)) {
            Seeking::More => {}
            ended => return ended,
        }
    }
}

type Sent = (Vec<u8>, Vec<u8>, i64);

fn fed(sent: &[Sent]) -> Model {
    let mut model = Model::new(Limits::default());
    for (topic, payload, at) in sent {
        model.apply(message(topic, payload, *at)).unwrap();
    }
    while model.roll_up(Timestamp(i64::MAX / 2)) {}
    model
}

/// Everything that can be seen of a model, by names.
fn seen(model: &mut Model) -> Vec<String> {
    model.expand_all();
    let text = |node: NodeId| String::from_utf8_lossy(&model.topic_bytes(node)).into_owned();
    let mut lines: Vec<String> = model
        .rows(0, usize::MAX)
        .map(|row| {
            let node = model.node(row.node).unwrap();
            let history: Vec<_> =
                model.history(row.node).map(|stored| (stored.arrived(), stored.payload().to_vec())).collect();
            let topic = node.topic.map(|topic| (topic.messages, topic.newest.arrived(), history));
            let sums = (node.messages, node.topics_below, node.children, node.last_arrived);
            format!("{} {} {sums:?} {topic:?}", text(row.node), row.siblings)
        })
        .collect();
    lines.push(format!("{}", model.row_count()));
    let root = model.node(NodeId::ROOT).unwrap();
    lines.push(format!("{} {} {:?}", root.messages, root.topics_below, root.last_arrived));
    lines.extend(
        model.recent(None).map(|stored| format!("{} {:?}", text(stored.id().node()), stored.payload())),
    );
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 300 } else { 3_000 }))]

    #[test]
    fn an_earlier_moment_is_what_a_model_fed_up_to_then_shows(steps in prop::collection::vec(step(), 1..80)) {
        let (mut model, mut sent, mut now) = (Model::new(Limits::default()), Vec::<Sent>::new(), 0);
        let mut shown: Option<usize> = None;
        for step in steps {
            match step {
                Step::Send(topic, payload, times) => for _ in 0..times {
                    now += 1;
                    model.apply(message(&topic, &[payload], now)).unwrap();
                    sent.push((topic.clone(), vec![payload], now));
                },
                Step::Rewind(index) => {
                    let at = index.index(sent.len() + 1);
                    let time = sent.get(at).map_or(now, |(_, _, at)| *at - 1);
                    if at % 2 == 0 {
                        model.rewind(Timestamp(time), Timestamp(now));
                    } else {
                        model.seek(Seek::To(Timestamp(time)));
                        prop_assert_eq!(arrive(&mut model, now), Seeking::Arrived);
                    }
                    shown = Some(at);
                }
                Step::Walk(forward) => {
                    let at = shown.unwrap_or(sent.len());
                    let to = if forward { (at + 1).min(sent.len()) } else { at.saturating_sub(1) };
                    prop_assert_eq!(model.rewind_step(forward, Timestamp(now)), to != at);
                    shown = Some(to);
                }
                Step::Frame => {
                    model.roll_up(Timestamp(now));
                    model.resort(Timestamp(now));
                    continue;
                }
                Step::Live => {
                    model.seek(Seek::Live);
                    prop_assert_eq!(arrive(&mut model, now), Seeking::Arrived);
                    shown = None;
                }
                Step::Forget(index) => {
                    let Some((topic, ..)) = sent.get(index.index(sent.len().max(1))).cloned() else { continue };
                    model.forget(model.find(&topic).unwrap());
                    let before = shown.map(|at| sent[..at].iter().filter(|(other, ..)| *other != topic).count());
                    sent.retain(|(other, ..)| *other != topic);
                    shown = shown.and(before);
                }
            }
            let at = shown.unwrap_or(sent.len());
            if shown.is_none() {
                while model.roll_up(Timestamp(now)) {}
            }
            prop_assert_eq!(seen(&mut model), seen(&mut fed(&sent[..at])));
            prop_assert_eq!(model.messages_after(), (sent.len() - at) as u64);
        }
    }

    #[test]
    fn with_little_memory_what_is_shown_is_true_and_the_rest_is_counted(
        sizes in prop::collection::vec((0..40u8, 1..4_000usize), 200..1_500),
        moments in prop::collection::vec(any::<prop::sample::Index>(), 1..6),
    ) {
        let limits = Limits { history_bytes: 1 << 20, history_per_topic_min: 3, ..Limits::default() };
        let mut model = Model::new(limits);
        let mut sent: Vec<Sent> = Vec::new();
        let chunk = sizes.len() / moments.len();
        for (part, moment) in sizes.chunks(chunk.max(1)).zip(&moments) {
            for (topic, size) in part {
                let at = sent.len() as i64;
                let sent_now = (format!("t/{topic}").into_bytes(), vec![*topic; *size], at);
                model.apply(message(&sent_now.0, &sent_now.1, at)).unwrap();
                sent.push(sent_now);
            }
            let now = Timestamp(sent.len() as i64);
            let (first, last) = model.reach().unwrap();
            prop_assert_eq!(last.0, sent.len() as i64 - 1);
            let time = first.0 + moment.index((last.0 - first.0 + 1) as usize) as i64;
            model.rewind(Timestamp(time), now);
            prop_assert_eq!(model.moment(), Some(Timestamp(time)));
            let before = &sent[..=time as usize];
            let mut unknown = 0;
            for topic in 0..40u8 {
                let name = format!("t/{topic}").into_bytes();
                let own: Vec<_> = before.iter().filter(|(other, ..)| *other == name).collect();
                let node = model.find(&name).and_then(|node| model.node(node)?.topic);
                match (own.last(), node) {
                    (None, None) => {}
                    (Some((_, payload, at)), Some(topic)) => {
                        prop_assert_eq!((topic.messages, topic.newest.arrived()), (own.len() as u64, Timestamp(*at)));
                        prop_assert_eq!(topic.newest.payload(), &payload[..]);
                    }
                    (Some(_), None) => unknown += 1,
                    (None, Some(_)) => prop_assert!(false, "a topic of later"),
                }
            }
            prop_assert_eq!(model.moment_unknown(), unknown);
            prop_assert_eq!(model.messages_after(), (sent.len() - before.len()) as u64);
        }
        model.end_rewind();
        while model.roll_up(Timestamp(sent.len() as i64)) {}
        let root = model.node(NodeId::ROOT).unwrap();
        prop_assert_eq!(root.messages, sent.len() as u64);
        for topic in 0..40u8 {
            let name = format!("t/{topic}").into_bytes();
            let own = sent.iter().filter(|(other, ..)| *other == name).count();
            let node = model.find(&name).and_then(|node| model.node(node)?.topic);
            prop_assert_eq!(node.map_or(0, |topic| topic.messages), own as u64);
        }
        prop_assert_eq!(model.messages_after(), 0);
    }
}

#[test]
fn the_next_change_of_a_topic_is_found_in_both_directions() {
    let mut model = Model::new(Limits::default());
    for (at, payload) in [b"1", b"1", b"2", b"2", b"3"].into_iter().enumerate() {
        model.apply(message(b"a", payload, at as i64)).unwrap();
        model.apply(message(b"b", b"beside", at as i64)).unwrap();
    }
    let now = Timestamp(10);
    let node = model.find(b"a").unwrap();
    let shown = |model: &Model| model.node(node).unwrap().topic.unwrap().newest.arrived().0;
    model.rewind(Timestamp(0), now);
    assert!(model.rewind_to_change(node, true, now));
    assert_eq!(shown(&model), 2);
    assert!(model.rewind_to_change(node, true, now));
    assert_eq!(shown(&model), 4);
    assert!(!model.rewind_to_change(node, true, now), "it does not change again");
    assert!(model.rewind_to_change(node, false, now));
    assert_eq!(shown(&model), 3, "the last moment with the value before");
}

#[test]
fn the_view_walks_to_the_changes_of_a_topic() {
    let mut model = Model::new(Limits::default());
    for (at, payload) in (1..).zip([&b"1"[..], b"1", b"2", b"2", b"2", b"3"]) {
        model.apply(message(b"a", payload, at)).unwrap();
        model.apply(message(b"b", b"x", at)).unwrap();
    }
    let node = model.find(b"a").unwrap();
    let walk = |model: &mut Model, forward| {
        model.seek(Seek::Change { node, forward });
        let ended = arrive(model, 10);
        let shown = model.node(node).and_then(|node| node.topic).map(|topic| topic.newest.payload().to_vec());
        (ended, shown.unwrap())
    };
    for expected in [&b"2"[..], b"1"] {
        assert_eq!(walk(&mut model, false), (Seeking::Arrived, expected.to_vec()));
    }
    assert_eq!(walk(&mut model, false), (Seeking::Nowhere, b"1".to_vec()));
    assert_eq!(model.moment(), Some(Timestamp(2)));
    for expected in [&b"2"[..], b"3"] {
        assert_eq!(walk(&mut model, true), (Seeking::Arrived, expected.to_vec()));
    }
    assert_eq!(walk(&mut model, true), (Seeking::Nowhere, b"3".to_vec()));
}

#[test]
fn a_large_history_is_passed_in_portions() {
    let mut model = Model::new(Limits::default());
    for at in 0..100_000 {
        model.apply(message(format!("a/{}", at % 1_000).as_bytes(), b"{\"value\":1}", at)).unwrap();
    }
    model.seek(Seek::To(Timestamp(0)));
    let mut portions = 0;
    while model.seek_on(Timestamp(100_000)) == Seeking::More {
        portions += 1;
    }
    assert!(portions > 3, "{portions}");
    assert_eq!(model.moment(), Some(Timestamp(0)));
    assert_eq!(model.node(NodeId::ROOT).unwrap().messages, 1);
    assert!(model.is_rewound() && !model.is_seeking());
}
