//! Where plots live: tabs, tiles, what joins them, and what a profile keeps of them.

use eframe::egui::{Key, Modifiers, Pos2, Theme, accesskit::Role, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, PlotAction, Plottable};
use mqttree::message::Timestamp;
use mqttree::model::NodeId;
use mqttree::panels::plot_drag::Dragged;
use mqttree::panels::plots::{PlotsView, Rereading};
use mqttree::query::{NumberAt, Plotted, PlottedAs, has_state};
use mqttree::store::plots::{Derived, Join, PlotPage, PlotSpec, SeriesSpec, Split, SplitPart, ValueSource};

use crate::harness::{NOW, Stage, stage_of};

type Plots = Harness<'static, Stage<PlotsView>>;

/// Does with the model what the app does for the actions of plots, and forgets them. Returns the plots that were to be
/// kept last.
pub fn carry_out(harness: &mut Plots) -> Option<Vec<PlotPage>> {
    let mut kept = None;
    for _ in 0..4 {
        let stage = harness.state_mut();
        for action in std::mem::take(&mut stage.actions) {
            let Action::Plot(action) = action else { continue };
            match action {
                PlotAction::Add { node, path } => {
                    let extractor = NumberAt { path: path.clone(), choice: None };
                    let series = stage.model.add_series(node, Box::new(extractor)).unwrap();
                    if let Some(unused) = stage.panel.add(node, path, series) {
                        stage.model.remove_series(unused);
                    }
                }
                PlotAction::AddTo { plot, numbers } => {
                    for Plottable { node, path } in numbers {
                        let newest = stage.model.history(node).next().unwrap();
                        let states = has_state(newest.payload(), path.as_ref(), None);
                        let read = PlottedAs { path: path.as_ref(), states, ..PlottedAs::default() };
                        let extractor = Plotted::new(read, None).unwrap();
                        let names = extractor.names();
                        let series = stage.model.add_series(node, Box::new(extractor)).unwrap();
                        if let Some(unused) = stage.panel.add_to(plot, node, path, series) {
                            stage.model.remove_series(unused);
                        } else if let Some(names) = names {
                            stage.panel.name_states(series, &names);
                        }
                    }
                }
                PlotAction::Derive { of, transform } => {
                    let series = stage.model.add_derived(of, transform).unwrap();
                    if let Some(unused) = stage.panel.add_derived(of, transform, series) {
                        stage.model.remove_series(unused);
                    }
                }
                PlotAction::Read(series) => {
                    let Stage { panel, model, .. } = &mut *stage;
                    panel.read_again(Some(series), |Rereading { node, read, old }| {
                        let extractor = Plotted::new(read, None).ok()?;
                        let names = extractor.names();
                        let series = model.add_series(node, Box::new(extractor))?;
                        model.remove_series(old);
                        Some((series, names))
                    });
                }
                PlotAction::Remove(series) => stage.model.remove_series(series),
                PlotAction::Keep(plots) => kept = Some(plots),
            }
        }
        harness.run_steps(2);
    }
    kept
}

/// Rooms that report a climate, and a plot tab in a window of this size.
fn rooms(names: &[&str]) -> Stage<PlotsView> {
    let mut stage = Stage::new(PlotsView::default());
    for (index, name) in names.iter().enumerate() {
        report(&mut stage, name, 20.0 + index as f64);
    }
    stage
}

pub fn report(stage: &mut Stage<PlotsView>, room: &str, temperature: f64) -> NodeId {
    let payload = format!(r#"{{"temperature": {temperature}, "humidity": 40}}"#);
    stage.receive(format!("home/{room}/climate"), payload.as_bytes(), NOW)
}

fn large(stage_: Stage<PlotsView>) -> Plots {
    stage_of(stage_, vec2(1_000.0, 600.0), Theme::Dark)
}

fn plot_value(harness: &mut Plots, topic: &str, path: Option<&str>) {
    let stage = harness.state_mut();
    let node = stage.model.find(topic.as_bytes()).unwrap();
    let path = path.map(|path| path.parse().unwrap());
    stage.actions.push(Action::Plot(PlotAction::Add { node, path }));
    carry_out(harness);
}

fn click(harness: &mut Plots, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(3);
    harness.state_mut().actions.retain(|action| matches!(action, Action::Plot(_)));
}

/// Drops a number onto a place of the panel.
pub fn drop_at(harness: &mut Plots, topic: &str, at: Pos2) {
    let node = harness.state_mut().model.find(topic.as_bytes()).unwrap();
    let path = Some("temperature".parse().unwrap());
    harness.drag_at(pos2(2.0, 2.0));
    harness.run_steps(1);
    let dragged = Dragged { numbers: vec![Plottable { node, path }], name: topic.to_owned() };
    eframe::egui::DragAndDrop::set_payload(&harness.ctx, dragged);
    harness.hover_at(at);
    harness.run_steps(2);
    harness.drop_at(at);
    harness.run_steps(2);
    carry_out(harness);
}

fn headers(harness: &Plots) -> Vec<String> {
    let named = |node: &egui_kittest::Node<'_>| {
        node.accesskit_node()
            .label()
            .filter(|label| label.starts_with("Plot ") && label != "Plot menu" && !label.ends_with("…"))
    };
    let buttons = harness.get_all_by_role(Role::Button);
    let titles = buttons.filter_map(|node| named(&node)).filter(|label| label != "Plot a topic filter");
    titles.collect()
}

#[test]
fn every_topic_that_matches_a_filter_joins_and_so_do_those_that_come_later() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    click(&mut harness, "Plot a topic filter");
    harness.get_by_role_and_label(Role::TextInput, "Filter to plot").type_text("home/+/climate");
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Path of the number").click();
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::TextInput, "Path of the number").type_text("temperature");
    harness.run_steps(2);
    click(&mut harness, "Plot them");
    carry_out(&mut harness);
    harness.get_by_label("home/kitchen/climate · temperature: 20");
    harness.get_by_label("home/hall/climate · temperature: 21");
    harness.get_by_label("home/+/climate · temperature: 2 topics");

    report(harness.state_mut(), "attic", 17.5);
    harness.state_mut().receive("home/shed/climate", b"offline", NOW);
    harness.run_steps(2);
    carry_out(&mut harness);
    harness.get_by_label("home/attic/climate · temperature: 17.5");
    assert!(harness.query_by_label_contains("shed").is_none(), "it has no number yet");

    report(harness.state_mut(), "shed", 5.0);
    harness.run_steps(2);
    carry_out(&mut harness);
    harness.get_by_label("home/shed/climate · temperature: 5");

    click(&mut harness, "Remove home/+/climate · temperature from plot");
    carry_out(&mut harness);
    assert!(harness.query_by_label_contains("kitchen").is_none());
    harness.get_by_label("Nothing plotted yet");
}

#[test]
fn topics_with_states_join_as_lanes() {
    let mut stage_ = Stage::new(PlotsView::of(&[PlotPage {
        plots: vec![PlotSpec {
            joins: vec![Join { filter: "plant/+/state".to_owned(), path: String::new() }],
            ..PlotSpec::default()
        }],
        ..PlotPage::default()
    }]));
    stage_.receive("plant/press/state", b"running", NOW);
    let mut harness = large(stage_);
    harness.run_steps(4);
    carry_out(&mut harness);
    harness.get_by_label("plant/press/state: running");
    harness.state_mut().receive("plant/saw/state", b"idle", NOW);
    harness.run_steps(2);
    carry_out(&mut harness);
    harness.get_by_label("plant/saw/state: idle");
    harness.get_by_label("plant/+/state: 2 topics");
}

#[test]
fn a_wrong_filter_says_what_is_wrong_and_is_not_taken() {
    let mut harness = large(rooms(&["kitchen"]));
    click(&mut harness, "Plot a topic filter");
    harness.get_by_role_and_label(Role::TextInput, "Filter to plot").type_text("home/#/climate");
    harness.run_steps(2);
    assert!(harness.get_by_label("Plot them").accesskit_node().is_disabled());
    harness.get_by_label_contains("#");
    click(&mut harness, "Cancel");
    assert!(harness.query_by_label("Plot them").is_none());
}

#[test]
fn no_more_topics_join_than_a_plot_takes_and_it_says_so() {
    let mut stage_ = Stage::new(PlotsView::of(&[PlotPage {
        plots: vec![PlotSpec {
            joins: vec![Join { filter: "n/+".to_owned(), path: String::new() }],
            ..PlotSpec::default()
        }],
        ..PlotPage::default()
    }]));
    for number in 0..230 {
        stage_.receive(format!("n/{number:03}"), b"1", NOW);
    }
    let mut harness = large(stage_);
    harness.run_steps(8);
    carry_out(&mut harness);
    harness.get_by_label("n/+: 200 topics");
    harness.get_by_label("30 more match; a plot takes 200 by filter");
}

#[test]
fn what_has_the_same_shape_elsewhere_joins_with_one_click() {
    let mut harness = large(rooms(&["kitchen", "hall", "attic"]));
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    click(&mut harness, "Also in 2 other topics");
    carry_out(&mut harness);
    for series in [
        "hall/climate · temperature: 21",
        "kitchen/climate · temperature: 20",
        "attic/climate · temperature: 22",
    ] {
        harness.get_by_label(&format!("home/{series}"));
    }
    assert!(harness.query_by_label_contains("Also in").is_none());
}

#[test]
fn a_number_that_is_dropped_onto_a_plot_joins_it() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    drop_at(&mut harness, "home/kitchen/climate", pos2(400.0, 300.0));
    drop_at(&mut harness, "home/hall/climate", pos2(400.0, 300.0));
    harness.get_by_label("home/kitchen/climate · temperature: 20");
    harness.get_by_label("home/hall/climate · temperature: 21");
    assert!(headers(&harness).is_empty(), "one plot has no header");
}

#[test]
fn a_number_that_is_dropped_at_an_edge_gets_a_plot_of_its_own_there() {
    let mut harness = large(rooms(&["kitchen", "hall", "attic"]));
    drop_at(&mut harness, "home/kitchen/climate", pos2(400.0, 300.0));
    drop_at(&mut harness, "home/hall/climate", pos2(980.0, 320.0));
    drop_at(&mut harness, "home/attic/climate", pos2(250.0, 590.0));
    assert_eq!(
        headers(&harness),
        [
            "Plot home/kitchen/climate · temperature",
            "Plot home/attic/climate · temperature, takes new series",
            "Plot home/hall/climate · temperature",
        ]
    );
    let rect = |name: &str| harness.get_by_label(name).rect();
    let kitchen = rect("Plot home/kitchen/climate · temperature");
    let attic = rect("Plot home/attic/climate · temperature, takes new series");
    let hall = rect("Plot home/hall/climate · temperature");
    assert!(attic.top() > kitchen.bottom() && hall.left() > kitchen.right() - 80.0);
}

#[test]
fn the_tools_fill_the_window_with_one_key_and_leave_it_with_the_same() {
    let mut window = crate::app::on_demo();
    let has_tree = |window: &crate::app::Window| {
        window.harness.query_all_by_role_and_label(Role::Tree, "Topics").next().is_some()
    };
    window.until("the tree", |harness| harness.query_by_role_and_label(Role::Tree, "Topics").is_some());
    window.harness.key_press(Key::F11);
    window.harness.run_steps(3);
    assert!(!has_tree(&window));
    assert!(window.harness.get_by_role_and_label(Role::Tab, "Plots").rect().top() < 100.0);
    window.harness.key_press(Key::F11);
    window.harness.run_steps(3);
    assert!(has_tree(&window));
}

/// Plots as a person arranged them.
pub fn arranged() -> Vec<PlotPage> {
    let source = |room: &str| ValueSource {
        topic: format!("home/{room}/climate"),
        path: "temperature".to_owned(),
        ..ValueSource::default()
    };
    let series = |room: &str, mark: u16| SeriesSpec { mark: Some(mark), ..SeriesSpec::of(source(room)) };
    let derived = SeriesSpec { derived: Derived::Average(60.0), ..series("kitchen", 5) };
    let hidden = SeriesSpec { hidden: true, ..series("hall", 3) };
    let plot = |title: &str, series: Vec<SeriesSpec>| PlotSpec {
        title: title.to_owned(),
        series,
        ..PlotSpec::default()
    };
    let part = |size: f32, part: Split| SplitPart { size, part };
    let column = vec![part(1.0, Split::Plot(1)), part(2.0, Split::Plot(2))];
    let row = vec![part(1.5, Split::Plot(0)), part(1.0, Split::Column { column })];
    let first = PlotPage {
        name: "Ground floor".to_owned(),
        window_s: Some(900.0),
        layout: Some(Split::Row { row }),
        plots: vec![
            plot("Kitchen", vec![series("kitchen", 4), derived]),
            plot("Hall", vec![hidden]),
            PlotSpec { own_window_s: Some(10.0), ..plot("Later", vec![series("cellar", 0)]) },
        ],
    };
    let join = Join { filter: "home/+/climate".to_owned(), path: "humidity".to_owned() };
    let second = PlotPage {
        plots: vec![PlotSpec { joins: vec![join], ..PlotSpec::default() }],
        ..PlotPage::default()
    };
    vec![first, second]
}

#[test]
fn tabs_tiles_series_and_their_colours_come_back_with_the_profile() {
    let mut stage_ = rooms(&["kitchen", "hall"]);
    stage_.panel = PlotsView::of(&arranged());
    let mut harness = large(stage_);
    carry_out(&mut harness);
    harness.get_by_role_and_label(Role::Tab, "Ground floor");
    harness.get_by_role_and_label(Role::Tab, "Plots 2");
    assert_eq!(headers(&harness), ["Plot Kitchen, takes new series", "Plot Hall", "Plot Later"]);
    harness.get_by_label("home/kitchen/climate · temperature: 20");
    harness.get_by_label("home/kitchen/climate · temperature · Mean of 60 s: 20");
    harness.get_by_label("1 series waits for its topic");

    report(harness.state_mut(), "cellar", 11.0);
    carry_out(&mut harness);
    harness.get_by_label("home/cellar/climate · temperature: 11");
    assert!(harness.query_by_label("1 series waits for its topic").is_none());

    // Nothing changed, so what would be kept is what was.
    harness.get_by_label("Plot Kitchen, takes new series").click();
    harness.run_steps(3);
    assert_eq!(carry_out(&mut harness), None);
    click(&mut harness, "Close plot tab");
    let kept = carry_out(&mut harness).unwrap();
    assert_eq!(kept, arranged()[1..]);
}

#[test]
fn what_a_person_arranges_is_kept() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    click(&mut harness, "New plot");
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    click(&mut harness, "New plot tab");
    let kept = carry_out(&mut harness).unwrap();
    assert_eq!(kept.len(), 2);
    let topics: Vec<_> = kept[0].plots.iter().map(|plot| plot.series[0].source.topic.as_str()).collect();
    assert_eq!(topics, ["home/kitchen/climate", "home/hall/climate"]);
    assert!(matches!(&kept[0].layout, Some(Split::Row { row }) if row.len() == 2));
}

#[test]
fn clearing_the_session_keeps_the_plots_and_waits_for_their_topics() {
    use mqttree::model::{Limits, Model};
    use mqttree::panels::PanelView as _;

    let mut harness = large(rooms(&["kitchen"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    harness.hover_at(pos2(300.0, 300.0));
    harness.key_press(Key::F2);
    carry_out(&mut harness);
    let stage = harness.state_mut();
    stage.model = Model::new(Limits::default());
    stage.panel.cleared();
    harness.run_steps(2);
    harness.get_by_label("1 series waits for its topic");
    report(harness.state_mut(), "kitchen", 23.0);
    carry_out(&mut harness);
    harness.get_by_label("home/kitchen/climate · temperature: 23");
}

#[test]
fn all_plots_of_a_tab_follow_one_that_is_zoomed_unless_it_has_a_time_of_its_own() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    click(&mut harness, "New plot");
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    crate::harness::wheel(&mut harness, pos2(200.0, 300.0), 400.0, Modifiers::NONE);
    harness.get_by_label("Plot home/hall/climate · temperature, takes new series").click();
    harness.run_steps(3);
    harness.get_by_label("Follow").click();
    harness.run_steps(3);
    harness.get_by_label("Plot home/kitchen/climate · temperature").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Follow").is_none(), "the other one follows again too");

    menu_entry(&mut harness, "Plot home/kitchen/climate · temperature, takes new series", "Time of its own");
    crate::harness::wheel(&mut harness, pos2(200.0, 300.0), 400.0, Modifiers::NONE);
    harness.get_by_label("Follow");
    harness.get_by_label("Plot home/hall/climate · temperature").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Follow").is_none());
}

/// Opens the menu of a header with the keyboard, and chooses an entry.
fn menu_entry(harness: &mut Plots, header: &str, entry: &str) {
    harness.get_by_label(header).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
    harness.run_steps(4);
    let found = harness.query_by_role_and_label(Role::MenuItem, entry).is_some();
    let role = if found { Role::MenuItem } else { Role::MenuItemCheckBox };
    harness.get_by_role_and_label(role, entry).click();
    harness.run_steps(4);
}

#[test]
fn a_plot_is_renamed_moved_and_closed_by_the_keyboard() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    click(&mut harness, "New plot");
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    menu_entry(&mut harness, "Plot home/hall/climate · temperature, takes new series", "Rename plot");
    harness.get_by_role_and_label(Role::TextInput, "Title of the plot").type_text("Hall");
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(3);
    menu_entry(&mut harness, "Plot Hall, takes new series", "Move before");
    assert_eq!(headers(&harness)[0], "Plot Hall, takes new series");
    menu_entry(&mut harness, "Plot Hall, takes new series", "Move to a new tab");
    harness.get_by_role_and_label(Role::Tab, "Plots 2");
    harness.get_by_label("home/hall/climate · temperature: 21");
    click(&mut harness, "Plots 1");
    harness.get_by_label("home/kitchen/climate · temperature: 20");
}

#[test]
fn a_plot_that_is_closed_gives_its_series_back_to_the_model() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    click(&mut harness, "New plot");
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    menu_entry(&mut harness, "Plot home/hall/climate · temperature, takes new series", "Close plot");
    let removed =
        harness.state().actions.iter().any(|action| matches!(action, Action::Plot(PlotAction::Remove(_))));
    assert!(removed);
    harness.get_by_label("home/kitchen/climate · temperature: 20");
    assert!(headers(&harness).is_empty());
}

#[test]
fn dragging_the_line_between_two_plots_resizes_them() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    click(&mut harness, "New plot");
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    let before = harness.get_by_label("Plot home/kitchen/climate · temperature").rect().width();
    let at = pos2(500.0, 400.0);
    harness.hover_at(at);
    harness.run_steps(1);
    harness.drag_at(at);
    harness.run_steps(1);
    harness.hover_at(at + vec2(150.0, 0.0));
    harness.run_steps(1);
    harness.drop_at(at + vec2(150.0, 0.0));
    harness.run_steps(2);
    let after = harness.get_by_label("Plot home/kitchen/climate · temperature").rect().width();
    assert!(after > before + 100.0, "{before} {after}");
}

#[test]
fn a_plot_is_dragged_by_its_header_to_another_place() {
    let mut harness = large(rooms(&["kitchen", "hall"]));
    plot_value(&mut harness, "home/kitchen/climate", Some("temperature"));
    click(&mut harness, "New plot");
    plot_value(&mut harness, "home/hall/climate", Some("temperature"));
    let from = harness.get_by_label("Plot home/kitchen/climate · temperature").rect().center();
    harness.hover_at(from);
    harness.run_steps(1);
    harness.drag_at(from);
    harness.run_steps(1);
    for x in [600.0, 900.0, 990.0] {
        harness.hover_at(pos2(x, 320.0));
        harness.run_steps(2);
    }
    harness.drop_at(pos2(990.0, 320.0));
    harness.run_steps(3);
    let order =
        ["Plot home/hall/climate · temperature", "Plot home/kitchen/climate · temperature, takes new series"];
    assert_eq!(headers(&harness), order);
}

fn look(name: &str, size: eframe::egui::Vec2, theme: Theme, chinese: bool) {
    let names = ["kitchen", "hall", "cellar"];
    let mut stage_ = rooms(&[]);
    for second in 1..=58 {
        for (index, room) in names.iter().enumerate() {
            let temperature = 20.0 + (f64::from(second) / (6.0 + index as f64)).sin() * 2.0;
            let payload = format!(r#"{{"temperature": {temperature:.2}, "humidity": {}}}"#, 40 + second % 7);
            let at = Timestamp(NOW.0 - (60 - i64::from(second)) * 1_000_000);
            stage_.receive(format!("home/{room}/climate"), payload.as_bytes(), at);
        }
    }
    for (index, name) in names.iter().enumerate() {
        report(&mut stage_, name, 20.0 + index as f64);
    }
    stage_.panel = PlotsView::of(&arranged());
    if chinese {
        stage_.language = mqttree::words::Language::Chinese;
    }
    let mut harness = stage_of(stage_, size, theme);
    if chinese {
        crate::harness::speak_chinese(&harness.ctx);
    }
    carry_out(&mut harness);
    harness.hover_at(size.to_pos2() * 0.25 + vec2(0.0, size.y * 0.2));
    harness.run_steps(3);
    harness.snapshot(name);
}

#[test]
fn a_page_of_plots_in_the_dark() {
    look("plot-page-dark", vec2(1_024.0, 420.0), Theme::Dark, false);
}

#[test]
fn a_page_of_plots_in_the_light() {
    look("plot-page-light", vec2(1_024.0, 420.0), Theme::Light, false);
}

#[test]
fn a_page_of_plots_in_chinese() {
    look("plot-page-chinese", vec2(1_024.0, 420.0), Theme::Dark, true);
}

#[test]
fn the_demo_opens_with_four_plots_that_fill_by_themselves() {
    let mut window = crate::app::on_demo();
    let named = |harness: &Harness<'static, mqttree::app::App>, name: &str| {
        harness.query_by_role_and_label(Role::Button, name).is_some()
    };
    for title in ["States of the machines", "Vibration", "Energy per hour"] {
        window.until(title, |harness| named(harness, &format!("Plot {title}")));
    }
    window
        .until("the heating", |harness| named(harness, "Plot Heating of the living room, takes new series"));
    window.harness.key_press(Key::F11);
    window.until("values of every plot", |harness| {
        let has_value = |of: &str| {
            let mut found = harness.query_all_by_label_contains(of);
            found.any(|node| node.accesskit_node().label().is_some_and(|label| !label.ends_with("no value")))
        };
        ["Room: ", "machine-01: ", "Vibration: ", "Spindle speed: "].into_iter().all(has_value)
    });
}
