//! Measures the first build of segments and ties, and ties at another moment and over another
//! window, on a lake made by `generate_interactions`. Prints one JSON object a step.
//!
//! `bench_ties DIR`

use std::collections::HashMap;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use tieline_lake::{DirectedContact, Lake, Rules};
use tieline_model::id::{AddressId, ImportId};
use tieline_model::time::{Month, Window};

/// CPU seconds of this process, all threads, by the kernel's accounts.
fn cpu_seconds() -> f64 {
    let ticks = std::fs::read_to_string("/proc/self/stat").ok().and_then(|text| {
        let fields: Vec<&str> = text.rsplit(')').next()?.split_whitespace().collect();
        Some(fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?)
    });
    ticks.unwrap_or(f64::NAN) / 100.0
}

fn peak_mb() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kb = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kb.unwrap_or(f64::NAN) / 1024.0
}

fn timed<T>(
    step: &str,
    run: impl FnOnce() -> Result<T, Box<dyn Error>>,
    describe: impl FnOnce(&T) -> String,
) -> Result<T, Box<dyn Error>> {
    let (wall, cpu) = (Instant::now(), cpu_seconds());
    let value = run()?;
    let (wall, cpu) = (wall.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{{\"engine\":\"tieline\",\"step\":\"{step}\",\"cpu_s\":{cpu:.2},\"wall_s\":{wall:.3},\
         \"peak_mb\":{:.0}{}}}",
        peak_mb(),
        describe(&value)
    )?;
    Ok(value)
}

fn sums(all: &[DirectedContact], window: Window) -> String {
    let count: u64 = all.iter().map(|one| one.count).sum();
    let weight: f64 = all.iter().map(|one| one.weight).sum();
    let decayed: f64 = all.iter().map(|one| one.decayed).sum();
    format!(
        ",\"from_ms\":{},\"to_ms\":{},\"pairs\":{},\"count\":{count},\"undecayed\":{weight:.9},\
         \"decayed\":{decayed:.9}",
        window.from.map_or(0, tieline_model::time::Moment::ms),
        window.to.ms(),
        all.len()
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("bench_ties DIR")?);
    let live: Vec<ImportId> = std::fs::read_to_string(folder.join("imports"))?
        .lines()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let lake = Lake::open(&folder)?;
    let rules = Rules::default();
    for derived in ["rollups", "segments", "contributions", "names"] {
        let path = folder.join("lake").join(derived);
        if path.exists() {
            std::fs::remove_dir_all(path)?;
        }
    }
    timed(
        "links",
        || Ok(lake.relink(&live, &|head| head.left_out)?),
        |tallies| format!(",\"new\":{}", tallies.iter().map(|one| one.new).sum::<u64>()),
    )?;
    let months = lake.months(&live)?;
    let last = months.last().copied().unwrap_or(Month::new(2023, 1));
    let end = Window::until(last.end());
    let by_address = |window: Window| Ok(lake.ties_by_address(&live, &rules, window)?);
    timed(
        "first build",
        || {
            lake.refresh(&live, &rules)?;
            by_address(end)
        },
        |all| sums(all, end),
    )?;
    let earlier = Month::from_index(last.index() - 3).start().plus_days(10.5);
    let earlier = Window::until(earlier);
    timed("other moment", || by_address(earlier), |all| sums(all, earlier))?;
    let year = Window::days_before(last.end().plus_days(-4.25), 365.0);
    let all = timed("other window", || by_address(year), |all| sums(all, year))?;
    let mut nodes: HashMap<AddressId, u32> = HashMap::new();
    for one in &all {
        for address in [one.from, one.to] {
            let next = nodes.len() as u32;
            nodes.entry(address).or_insert(next);
        }
    }
    drop(all);
    timed(
        "ties with days",
        || Ok(lake.ties(&live, &rules, end, &nodes)?),
        |ties| format!(",\"pairs\":{}", ties.len()),
    )?;
    timed(
        "refresh, nothing stale",
        || Ok(lake.refresh(&live, &rules)?),
        |done| format!(",\"rebuilt\":{}", done.rebuilt.len()),
    )?;
    Ok(())
}
