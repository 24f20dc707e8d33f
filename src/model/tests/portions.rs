//! Whatever portions the work is done in, the end is the same, and on the way rows and their numbers agree.

use proptest::prelude::*;

use crate::message::Timestamp;
use crate::model::tests::naive::Naive;
use crate::model::tests::{Contains, message};
use crate::model::{Limits, Model, NodeId, Order};

#[derive(Clone, Debug)]
enum Step {
    Apply(u32, u32),
    Burst(u32),
    Frame,
    Order(Order),
    Pause(bool),
    Toggle(prop::sample::Index),
    ToggleBelow(prop::sample::Index, bool),
    Search(usize),
    Forget(prop::sample::Index, bool),
}

fn step() -> impl Strategy<Value = Step> {
    // Rates depend on when something is published, so they are held against the naive model elsewhere.
    let orders = vec![Order::Name, Order::Arrival, Order::Messages, Order::LastSeen];
    prop_oneof![
        20 => (0..60u32, 0..3u32).prop_map(|(i, j)| Step::Apply(i, j)),
        1 => (5..12u32).prop_map(Step::Burst),
        20 => Just(Step::Frame),
        2 => prop::sample::select(orders).prop_map(Step::Order),
        1 => any::<bool>().prop_map(Step::Pause),
        3 => any::<prop::sample::Index>().prop_map(Step::Toggle),
        1 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(at, open)| Step::ToggleBelow(at, open)),
        3 => (0..9usize).prop_map(Step::Search),
        2 => (any::<prop::sample::Index>(), any::<bool>()).prop_map(|(at, below)| Step::Forget(at, below)),
    ]
}

/// Every row leads back to its number, and windows are parts of the whole.
fn check_rows(model: &Model) {
    let rows: Vec<_> = model.rows(0, usize::MAX).collect();
    assert_eq!(rows.len() as u64, model.row_count());
    for (number, row) in rows.iter().enumerate() {
        // A search shows nothing that the whole tree would not.
        assert!(model.rows.shows(row.node.0));
        assert_eq!(model.row_of(row.node), Some(number as u64));
        assert!(model.rows(number as u64, 2).eq(rows[number..].iter().take(2).copied()));
    }
}

fn names(model: &Model) -> Vec<Vec<u8>> {
    model.rows(0, usize::MAX).map(|row| model.topic_bytes(row.node)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 100 } else { 1_000 }))]

    #[test]
    fn work_in_portions_ends_where_work_at_once_does(
        steps in prop::collection::vec(step(), 1..200),
        portion in 1..20usize,
        needle in prop::sample::select(vec![None, Some("device-1")]),
    ) {
        let mut model = Model::new(Limits::default());
        model.sorter.portion = portion;
        model.roll_up.portion = portion;
        (model.rows.opened_at_once, model.rows.portion) = (2, portion);
        let mut naive = Naive::default();
        model.set_filter(needle.map(|needle| Box::new(Contains(needle.into())) as _));
        if let Some(search) = &mut model.search {
            (search.view.opened_at_once, search.view.portion) = (2, portion);
        }
        let mut now = 0;
        // The rows of a paused view, until someone changes it.
        let mut frozen = None;
        let mut is_choosing = false;
        for step in steps {
            now += 100_000;
            match step {
                Step::Apply(i, j) => {
                    let topic = if j == 0 { format!("wide/device-{i}") } else { format!("wide/device-{i}/{j}") };
                    model.apply(message(topic.as_bytes(), b"", now)).unwrap();
                    naive.apply(topic.as_bytes(), b"", Timestamp(now));
                }
                Step::Burst(count) => {
                    for i in 0..count {
                        let topic = format!("wide/{}/burst", (now as u32).wrapping_mul(i + 7) % 997);
                        model.apply(message(topic.as_bytes(), b"", now)).unwrap();
                        naive.apply(topic.as_bytes(), b"", Timestamp(now));
                    }
                }
                Step::Frame => {
                    model.roll_up(Timestamp(now));
                    is_choosing &= model.resort(Timestamp(now));
                }
                Step::Order(order) => {
                    model.set_order(order);
                    naive.order = order.into();
                    (frozen, is_choosing) = (None, true);
                }
                Step::Pause(paused) => {
                    model.set_paused(paused);
                    // An order that was chosen before is still carried out.
                    frozen = (paused && !is_choosing).then(|| names(&model));
                }
                Step::Toggle(index) => {
                    let row = model.rows(index.index(model.row_count().max(1) as usize) as u64, 1).next();
                    if let Some(row) = row {
                        if row.expanded { model.collapse(row.node); } else { model.expand(row.node); }
                    }
                    frozen = None;
                }
                Step::ToggleBelow(index, open) => {
                    let row = model.rows(index.index(model.row_count().max(1) as usize) as u64, 1).next();
                    let node = row.map_or(NodeId::ROOT, |row| row.node);
                    if open { model.expand_subtree(node); } else { model.collapse_subtree(node); }
                    // What is opened in portions goes on in a view that is paused.
                    frozen = None;
                    is_choosing = true;
                }
                Step::Forget(index, below) => {
                    // Also what is not in view yet.
                    if let Some(path) = naive.nodes().get(index.index(naive.nodes().len().max(1))).cloned() {
                        let node = model.find(&path.join(&b'/')).unwrap();
                        if below {
                            model.forget_below(node);
                        } else {
                            model.forget(node);
                        }
                        naive.forget(&path, below);
                    }
                    frozen = None;
                }
                Step::Search(topics) => {
                    model.search_step(topics);
                    frozen = None;
                }
            }
            check_rows(&model);
            prop_assert!(frozen.as_ref().is_none_or(|frozen| *frozen == names(&model)));
        }
        model.set_paused(false);
        model.search_step(usize::MAX);
        while model.roll_up(Timestamp(now)) {}
        // The pass that is on, and one more.
        for _ in 0..2 {
            now += 2_000_000;
            while model.resort(Timestamp(now)) {}
        }
        check_rows(&model);
        model.expand_all();
        while model.resort(Timestamp(now)) {
            check_rows(&model);
        }
        naive.roll_up(Timestamp(now));
        naive.sort();
        naive.set_filter(needle.map(str::as_bytes));
        naive.search_step(usize::MAX / 2);
        naive.set_open_below(&Vec::new(), true);
        let expected: Vec<Vec<u8>> = naive.lines().iter().map(|line| line.path.join(&b'/')).collect();
        prop_assert_eq!(names(&model), expected);
    }
}

/// Time that this thread spent computing; what others do meanwhile does not count.
#[cfg(unix)]
fn cpu_time() -> std::time::Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    std::time::Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec as u32)
}

/// The longest step of what runs until it returns `false`.
#[cfg(unix)]
fn longest(mut step: impl FnMut() -> bool) -> (usize, std::time::Duration) {
    let (mut steps, mut longest) = (0, std::time::Duration::ZERO);
    loop {
        let began = cpu_time();
        let more = step();
        (steps, longest) = (steps + 1, longest.max(cpu_time().saturating_sub(began)));
        if !more {
            return (steps, longest);
        }
    }
}

/// A twentieth of a million in a debug build, where all is ten to thirty times slower.
#[cfg(unix)]
#[test]
fn expanding_a_large_tree_takes_many_short_steps() {
    let mut model = Model::new(Limits::default());
    for i in 0..30_000u32 {
        let topic = format!("a/b/c/d/e/f/{}/{}/{i}/x/y/z", i / 1_000, i / 10);
        model.apply(message(topic.as_bytes(), b"1", 0)).unwrap();
    }
    while model.roll_up(Timestamp(0)) {}
    let nodes = u64::from(model.stats().nodes);
    model.rows.opened_at_once = 4_096;
    model.rows.portion = 4_096;
    let began = cpu_time();
    model.expand_all();
    let first = cpu_time().saturating_sub(began);
    let (steps, longest) = longest(|| model.resort(Timestamp(0)));
    assert_eq!(model.row_count(), nodes);
    assert!(steps > 10, "{steps}");
    assert!(first.max(longest) < std::time::Duration::from_millis(33), "{first:?} {longest:?}");
}

/// The last step puts the new order in its place: it must not look at each of the children.
#[cfg(unix)]
#[test]
fn sorting_a_wide_parent_while_children_arrive_takes_many_short_steps() {
    let mut model = Model::new(Limits::default());
    model.set_order(Order::LastSeen);
    let arrive = |model: &mut Model, from: u32, count: u32| {
        for i in from..from + count {
            model.apply(message(format!("wide/{i}").as_bytes(), b"1", 0)).unwrap();
        }
    };
    arrive(&mut model, 0, 50_000);
    while model.roll_up(Timestamp(0)) {}
    model.expand_all();
    model.sorter.portion = 1_024;
    let mut next = 50_000;
    for second in 1..4 {
        let now = Timestamp(second * 2_000_000);
        // The pass begins, and more children come than are put into their places one by one.
        assert!(model.resort(now));
        arrive(&mut model, next, 5_000);
        next += 5_000;
        let (steps, longest) = longest(|| model.resort(now));
        assert!(steps > 100, "{steps}");
        assert!(longest < std::time::Duration::from_millis(33), "{longest:?}");
        while model.roll_up(now) {}
    }
    while model.resort(Timestamp(100_000_000)) {}
    model.set_order(Order::Arrival);
    while model.resort(Timestamp(100_000_000)) {}
    let names: Vec<_> = model.rows(1, usize::MAX).map(|row| model.topic_bytes(row.node)).collect();
    assert!(names.iter().enumerate().all(|(i, name)| *name == format!("wide/{i}").into_bytes()));
}
