//! What a session shows before anybody touched it.

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::app::on_demo;

/// The rows of the tree from top to bottom, as levels and names.
fn rows(window: &crate::app::Window) -> Vec<(usize, String)> {
    let rows = window.harness.query_all_by_role(Role::TreeItem);
    let mut rows: Vec<_> = rows
        .map(|row| {
            let node = row.accesskit_node();
            (row.rect().top(), node.level().unwrap_or_default(), node.label().unwrap_or_default())
        })
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, level, name)| (level, name)).collect()
}

#[test]
fn levels_open_until_the_rows_fill_the_pane_and_the_demo_has_a_topic_selected() {
    let mut window = on_demo();
    window.until("the selected topic", |harness| {
        let topic = harness.query_by_label("Topic").and_then(|topic| topic.accesskit_node().value());
        topic.as_deref() == Some("home/living-room/climate")
    });
    window.until("rows that fill the pane", |harness| {
        let tree = harness.get_by_role_and_label(Role::Tree, "Topics").rect();
        let rows = harness.query_all_by_role(Role::TreeItem).map(|row| row.rect().bottom());
        rows.fold(0.0, f32::max) > tree.bottom() - 30.0
    });
    window.harness.run_steps(3);
    let rows = rows(&window);
    assert_eq!(rows[0].0, 1, "the tree shows from its top: {rows:?}");
    assert!(rows.contains(&(3, "climate".to_owned())), "{rows:?}");
    assert!(!rows.iter().any(|(_, name)| name.starts_with('(')), "nothing is called (empty): {rows:?}");
}
