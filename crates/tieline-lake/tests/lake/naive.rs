//! METHODS 1.1 written down a second time, event by event, with no files.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tieline_lake::Rules;
use tieline_model::interaction::Status;
use tieline_model::time::Window;

use crate::support::{DAY, Event, address, list_id};

/// Count and decayed, channel-weighted sum of each directed pair.
pub(crate) type Sums = BTreeMap<(u32, u32), (u64, f64)>;

/// Adds up the events of all imports, given in their order.
pub(crate) fn direct(imports: &[Vec<Event>], rules: &Rules, window: Window) -> Sums {
    let mut copies: BTreeMap<u32, Vec<&Event>> = BTreeMap::new();
    for event in imports.iter().flatten() {
        copies.entry(event.id).or_default().push(event);
    }
    let counted: BTreeMap<u32, &Event> = copies
        .into_iter()
        .map(|(id, mut all)| {
            all.sort_by_key(|event| Reverse(event.revision));
            (id, all[0])
        })
        .collect();
    let mut sums = Sums::new();
    for event in counted.values() {
        let answered = counted.get(&event.parent).map(|parent| parent.from);
        let age = (window.to.ms() - event.at) as f64 / DAY as f64;
        let inside =
            event.at < window.to.ms() && window.from.is_none_or(|from| event.at >= from.ms());
        let weight = rules.params.channel_weights.of(event.channel);
        if !inside || weight == 0.0 || rules.newsletters.contains(&list_id(event.list)) {
            continue;
        }
        let scale = rules.params.channel_weights.of(event.channel)
            * 0.5_f64.powf(age / rules.params.half_life_days);
        for (from, to, share) in contributions(event, answered.filter(|from| *from != 0), rules) {
            let sum = sums.entry((from, to)).or_default();
            sum.0 += 1;
            sum.1 += share * scale;
        }
    }
    sums
}

fn contributions(event: &Event, answered: Option<u32>, rules: &Rules) -> Vec<(u32, u32, f64)> {
    let out = |n: u32| rules.excluded.contains(&address(n));
    let max = rules.params.max_group as usize;
    if event.channel.is_gathering() {
        let away = [Status::Declined, Status::Cancelled, Status::Resource];
        let present: BTreeSet<u32> = event
            .to
            .iter()
            .filter(|(to, status)| !away.contains(status) && !out(*to))
            .map(|(to, _)| *to)
            .collect();
        let n = present.len();
        if n < 2 || n > max {
            return Vec::new();
        }
        let minutes = if event.minutes == 0 { 30.0 } else { f64::from(event.minutes) };
        let share = 0.5 * (minutes / 30.0).clamp(0.5, 4.0) / (n - 1) as f64;
        let pairs = present.iter().flat_map(|i| present.iter().map(move |j| (*i, *j)));
        return pairs.filter(|(i, j)| i != j).map(|(i, j)| (i, j, share)).collect();
    }
    if event.from == 0 || out(event.from) {
        return Vec::new();
    }
    let to_list = event.to.iter().any(|(to, _)| rules.list_addresses.contains(&address(*to)));
    if let Some(author) = answered.filter(|_| event.list != 0 || to_list) {
        let self_answer = author == event.from || out(author);
        return if self_answer { Vec::new() } else { vec![(event.from, author, 1.0)] };
    }
    let recipients: BTreeSet<u32> =
        event.to.iter().map(|(to, _)| *to).filter(|to| *to != event.from && !out(*to)).collect();
    if recipients.is_empty() || recipients.len() + 1 > max {
        return Vec::new();
    }
    recipients.iter().map(|to| (event.from, *to, 1.0 / recipients.len() as f64)).collect()
}
