//! What a person chooses for a topic is there again after the next start.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use mqttree::panels::inspector::InspectorView;

use super::{KEPT, MACHINE, STATE, click, is_chosen, receive, select, settle, window};

#[test]
fn the_view_and_the_columns_of_a_topic_are_kept() {
    let mut first = window(|stage| {
        receive(stage, MACHINE, STATE, 3.0);
        select(stage, MACHINE);
    });
    super::table::toggle_column(&mut first, 1.0);
    click(&mut first, Role::Tab, "Text");
    let kept = KEPT.with_borrow(Clone::clone);
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].topic.as_str(), kept[0].view.as_str()), (MACHINE, "text"));
    assert_eq!(kept[0].columns, ["temperature"]);

    let mut next = window(move |stage| {
        stage.panel = InspectorView::with_looks(kept);
        receive(stage, MACHINE, STATE, 3.0);
        receive(stage, "other", STATE, 3.0);
        select(stage, MACHINE);
    });
    assert!(is_chosen(&next, "Text"));
    assert!(next.query_by_role_and_label(Role::ColumnHeader, "temperature").is_some());
    select(next.state_mut(), "other");
    settle(&mut next);
    assert!(is_chosen(&next, "Tree"), "another topic has its own look");
}
