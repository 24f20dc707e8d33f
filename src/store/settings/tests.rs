use super::*;

fn parse(text: &str) -> Parsed<Settings> {
    Settings::parse(text.as_bytes())
}

#[test]
fn an_empty_file_gives_the_defaults() {
    let Parsed { document, damage, remarks, amended } = parse("");
    assert_eq!((document, damage, remarks, amended), (Settings::default(), None, vec![], false));
}

#[test]
fn the_tools_are_hidden_until_a_person_shows_them() {
    let mut settings = Settings::default();
    assert!(!settings.pane("tools").visible);
    assert!(settings.pane("tree").visible);
    settings.set_pane("tools", PaneSetting { visible: true });
    let kept = parse(&settings.print().unwrap()).document;
    assert!(kept.pane("tools").visible);
}

#[test]
fn everything_is_read_as_it_was_written() {
    let mut settings = Settings {
        language: LanguageChoice::Chinese,
        theme: Theme::Dark,
        density: Density::Comfortable,
        sort_by: Order::LastSeen,
        flash_on_update: false,
        time_format: TimeFormat::Seconds,
        history_budget_mib: 1_024,
        newest_budget_mib: 96,
        tree_limit_mib: 512,
        plot_values_max: 50_000,
        renderer: Renderer::Wgpu,
        reopen_at_start: true,
        last_open: vec!["1".into(), "2".into()],
        ..Settings::default()
    };
    settings.set_pane("tree", PaneSetting { visible: true });
    settings.set_pane("tools", PaneSetting { visible: false });
    let text = settings.print().unwrap();
    let Parsed { document, damage, remarks, .. } = parse(&text);
    assert_eq!((document, damage, remarks), (settings, None, vec![]), "{text}");
    for line in [
        "language = \"chinese\"",
        "theme = \"dark\"",
        "sort_by = \"last-seen\"",
        "time_format = \"seconds\"",
        "history_budget_mib = 1024",
        "newest_budget_mib = 96",
        "plot_values_max = 50000",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_wrong_value_costs_only_itself() {
    let Parsed { document, damage, .. } =
        parse("theme = \"drak\"\ndensity = \"compact\"\nhistory_budget_mib = -1\n");
    assert_eq!((document.theme, document.density), (Theme::System, Density::Compact));
    assert_eq!(document.history_budget_mib, 256);
    let wrong = |fault: Fault| match fault {
        Fault::WrongValue { key, .. } => key,
        other => panic!("{other:?}"),
    };
    let keys: Vec<_> = damage.unwrap().faults.into_iter().map(wrong).collect();
    assert_eq!(keys, ["history_budget_mib", "theme"]);
}

#[test]
fn a_line_that_does_not_parse_costs_only_itself() {
    let text = b"theme = \"dark\"\ndensity = compact\n\xff\xff\nflash_on_update = false\n[panes.tree]\nsize = = 3\nvisible = false\n[";
    let Parsed { document, damage, .. } = Settings::parse(text);
    assert_eq!((document.theme, document.flash_on_update), (Theme::Dark, false));
    assert_eq!(document.pane("tree"), PaneSetting { visible: false });
    let line = |fault: Fault| match fault {
        Fault::Syntax { line, .. } => (line, "not TOML"),
        Fault::NotUtf8 { line } => (line, "not UTF-8"),
        other => panic!("{other:?}"),
    };
    let lines: Vec<_> = damage.unwrap().faults.into_iter().map(line).collect();
    assert_eq!(lines, [(2, "not TOML"), (3, "not UTF-8"), (6, "not TOML"), (8, "not TOML")]);
}

#[test]
fn numbers_out_of_range_are_brought_in_and_told() {
    let Parsed { document, remarks, amended, damage } =
        parse("history_budget_mib = 0\ntree_limit_mib = 4000000000\nplot_values_max = 9\n");
    assert_eq!((document.history_budget_mib, document.tree_limit_mib), (16, 65_536));
    assert_eq!(document.plot_values_max, 10_000);
    assert_eq!(
        remarks[0],
        Remark::OutOfRange { key: "history_budget_mib", value: 0, range: HISTORY_MIB, used: 16 }
    );
    assert!(amended && damage.is_none());
}

#[test]
fn unknown_keys_and_a_later_version_are_written_back() {
    let Parsed { document, remarks, damage, .. } =
        parse("version = 3\nfont = \"Noto\"\n[keys]\nsearch = \"Ctrl+F\"\n");
    assert_eq!((remarks, damage), (vec![Remark::NewerVersion], None));
    let printed: Table = toml::from_str(&document.print().unwrap()).unwrap();
    assert_eq!(printed["version"].as_integer(), Some(3));
    assert_eq!(printed["font"].as_str(), Some("Noto"));
    assert_eq!(printed["keys"]["search"].as_str(), Some("Ctrl+F"));
}

#[test]
fn a_file_with_keys_that_nobody_reads_any_more_loads_without_them() {
    let Parsed { document, damage, remarks, .. } = parse(
        "theme = \"dark\"\nshow_seconds = \"yes\"\n[panes.tree]\nvisible = false\nsize = 412.5\n[window]\nx = 1\n",
    );
    assert_eq!((document.theme, damage, remarks), (Theme::Dark, None, vec![]));
    assert_eq!(document.pane("tree"), PaneSetting { visible: false });
    let text = document.print().unwrap();
    for key in ["show_seconds", "412.5", "window"] {
        assert!(!text.contains(key), "{text}");
    }
}

#[test]
fn two_windows_merge_setting_by_setting() {
    let base = Settings::default();
    let mut ours = Settings { theme: Theme::Dark, flash_on_update: false, ..base.clone() };
    ours.set_pane("tree", PaneSetting { visible: false });
    let mut theirs = Settings { theme: Theme::Light, density: Density::Compact, ..base.clone() };
    theirs.set_pane("tools", PaneSetting { visible: false });
    let merged = Settings::merge(&base, &ours, &theirs, true).document;
    assert_eq!(
        (merged.theme, merged.flash_on_update, merged.density),
        (Theme::Dark, false, Density::Compact)
    );
    assert_eq!((merged.pane("tree").visible, merged.pane("tools").visible), (false, false));
}

#[test]
fn what_a_damaged_file_lacks_keeps_its_value() {
    let base = Settings { theme: Theme::Dark, density: Density::Compact, ..Settings::default() };
    let theirs = parse("theme = \nflash_on_update = false\ndensity = \"comfortable\"\n");
    assert!(theirs.damage.is_some());
    let merged = Settings::merge(&base, &base, &theirs.document, false).document;
    assert_eq!(
        (merged.theme, merged.density, merged.flash_on_update),
        (Theme::Dark, Density::Comfortable, false)
    );
}

#[test]
fn the_tree_takes_a_quarter_of_the_machine_and_at_most_2_gib() {
    let limits = [128, 4_096, 7_841, 8_192, 24_105, u64::MAX].map(default_tree_mib);
    assert_eq!(limits, [64, 1_024, 1_960, 2_048, 2_048, 2_048]);
}
