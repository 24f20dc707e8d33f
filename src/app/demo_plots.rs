//! The tab of plots that the demo opens with: a heating curve, machines' states, vibration over speed, and energy.

use crate::store::plots::{
    AxisSpec, Derived, DrawAs, PlotAxes, PlotPage, PlotSpec, SeriesSpec, Split, SplitPart, ValueSource,
};
use crate::words::{Label, Language, plot_page as words};

/// Machines whose states and energy are shown.
const MACHINES: [&str; 3] = ["machine-01", "machine-02", "machine-03"];
/// What the page shows at first, in seconds.
const WINDOW_S: f64 = 300.0;

/// The plots in a person's language.
pub(super) fn pages(l: Language) -> Vec<PlotPage> {
    let part = |part: Split| SplitPart { size: 1.0, part };
    let column = |above: usize, below: usize| Split::Column {
        column: vec![part(Split::Plot(above)), part(Split::Plot(below))],
    };
    let page = PlotPage {
        name: words::DEMO_PAGE.of(l).to_owned(),
        window_s: Some(WINDOW_S),
        layout: Some(Split::Row { row: vec![part(column(0, 1)), part(column(2, 3))] }),
        plots: vec![heating(l), states(l), vibration(l), energy(l)],
    };
    vec![page]
}

fn plot(title: Label, left: &str, right: &str, series: Vec<SeriesSpec>, l: Language) -> PlotSpec {
    let axis = |title: &str| AxisSpec { title: title.to_owned(), ..AxisSpec::default() };
    let axes = PlotAxes { left: axis(left), right: axis(right), ..PlotAxes::default() };
    PlotSpec { title: title.of(l).to_owned(), axes, series, ..PlotSpec::default() }
}

fn of(topic: &str, path: &str, name: String, unit: &str) -> SeriesSpec {
    let source = ValueSource { topic: topic.to_owned(), path: path.to_owned(), ..ValueSource::default() };
    SeriesSpec { name, unit: unit.to_owned(), ..SeriesSpec::of(source) }
}

fn heating(l: Language) -> PlotSpec {
    let thermostat = "home/living-room/thermostat";
    let room = of("home/living-room/temperature", "", words::DEMO_ROOM.of(l).to_owned(), "°C");
    let set = of(thermostat, "occupied_heating_setpoint", words::DEMO_SET_POINT.of(l).to_owned(), "°C");
    let valve = of(thermostat, "pi_heating_demand", words::DEMO_VALVE.of(l).to_owned(), "%");
    let set = SeriesSpec { look: DrawAs::Step, ..set };
    let valve = SeriesSpec { look: DrawAs::Area, right: true, ..valve };
    plot(words::DEMO_HEATING, "°C", "%", vec![valve, set, room], l)
}

fn states(l: Language) -> PlotSpec {
    let lane = |machine: &&str| {
        let mut lane = of(&format!("plant/hall-1/{machine}/state"), "", (*machine).to_owned(), "");
        lane.source.states = true;
        lane
    };
    plot(words::DEMO_STATES, "", "", MACHINES.iter().map(lane).collect(), l)
}

fn vibration(l: Language) -> PlotSpec {
    let machine = "plant/hall-1/machine-01";
    let vibration =
        of(&format!("{machine}/vibration"), "axes.x.rms", words::DEMO_VIBRATION.of(l).to_owned(), "mm/s");
    let speed = of(&format!("{machine}/spindle/speed"), "", words::DEMO_SPEED.of(l).to_owned(), "rpm");
    let speed = SeriesSpec { right: true, ..speed };
    plot(words::DEMO_VIBRATION, "mm/s", "rpm", vec![vibration, speed], l)
}

/// Meters count up; their change per second times 3,600 is what goes in an hour.
fn energy(l: Language) -> PlotSpec {
    let rate = |machine: &&str| {
        let meter = of(&format!("plant/hall-1/{machine}/energy_kwh"), "", (*machine).to_owned(), "kWh/h");
        SeriesSpec { derived: Derived::Derivative, scale: 3_600.0, look: DrawAs::Step, ..meter }
    };
    let hidden = |machine: &&str| SeriesSpec {
        hidden: true,
        ..of(&format!("plant/hall-1/{machine}/energy_kwh"), "", words::demo_meter(machine, l), "kWh")
    };
    let machines = &MACHINES[..2];
    let series = machines.iter().map(hidden).chain(machines.iter().map(rate)).collect();
    plot(words::DEMO_ENERGY, "kWh/h", "", series, l)
}
