//! How often silos and brokers come back when the events are resampled (METHODS 2.23).

use crate::brokers::{Broker, set_stability};
use crate::finding::Stability;
use crate::input::{AnalysisOptions, EventShares};
use crate::measures::{betweenness_within, top_nodes};
use crate::memo::Resampled;
use crate::resample::resample;
use crate::silos::Silos;
use crate::voice::{View, grouped, stability_of, stability_unknown};

/// Tie visits that the betweenness of all replicates may cost together.
const VISITS: usize = 500_000_000;

/// Sets the stability of flagged silos and of brokers, and says how it was done, or why not.
pub(crate) fn set_all(
    view: &View<'_>,
    events: Option<&dyn EventShares>,
    options: &AnalysisOptions,
    silos: &mut Silos,
    brokers: &mut [Broker],
) -> String {
    let network = view.network();
    let n_ties = network.graph().n_ties();
    let refusal = match events {
        _ if options.resamples == 0 => Some("it was switched off".to_owned()),
        None => Some("the events were not at hand".to_owned()),
        Some(_) if n_ties > options.max_resampled_ties => {
            Some(format!("more than {} ties", grouped(options.max_resampled_ties as u64)))
        }
        Some(_) if n_ties == 0 => Some("there are no ties".to_owned()),
        Some(_) => None,
    };
    let (Some(events), None) = (events, &refusal) else {
        let why = format!("Stability was not computed: {}.", refusal.unwrap_or_default());
        silos.set_stability(|_| stability_unknown(&why));
        set_stability(brokers, |_| stability_unknown(&why));
        return why;
    };
    let cost = options.resamples as usize * (n_ties + network.len());
    let sources = (VISITS / cost.max(1)).clamp(64, network.len().max(64));
    let nodes: Vec<u32> = brokers.iter().map(|broker| broker.node).collect();
    let labels = silos.flagged().next().is_some().then(|| silos.compared.labels().to_vec());
    let testing = labels.is_some();
    let sample = (labels, nodes.clone(), options.resamples);
    let found = network.resampled(sample, || {
        let of = Asked { silos: testing.then_some(&*silos), nodes: &nodes, sources };
        counted(view, events, options.resamples, &of)
    });
    let done = found.done;
    silos.set_stability(|pair| {
        let held = found.flagged.get(&pair).copied().unwrap_or(0);
        stability_of(held, done, "This gap stood")
    });
    set_stability(brokers, |at| broker_stability(found.kept[at], done, nodes.len()));
    described(done, sources.min(network.len()), network.len())
}

/// What is looked for in each resample.
struct Asked<'a> {
    /// Gaps between these groups; `None` = none was found in the data.
    silos: Option<&'a Silos>,
    /// People who may be among those with the most routes.
    nodes: &'a [u32],
    /// Sources of the routes.
    sources: usize,
}

/// Counts what came back. O(B m), and the betweenness from the sources for each resample.
fn counted(view: &View<'_>, events: &dyn EventShares, times: u32, asked: &Asked<'_>) -> Resampled {
    let network = view.network();
    let mut found = Resampled { kept: vec![0; asked.nodes.len()], ..Resampled::default() };
    let (flagged, kept) = (&mut found.flagged, &mut found.kept);
    found.done = resample(network, events, times, |graph| {
        for pair in asked.silos.map(|silos| silos.flags(graph)).unwrap_or_default() {
            *flagged.entry(pair).or_default() += 1;
        }
        if !asked.nodes.is_empty() {
            let (values, _) = betweenness_within(graph, asked.sources, network.seed());
            let top = top_nodes(&values, asked.nodes.len());
            for (count, node) in kept.iter_mut().zip(asked.nodes) {
                *count += u32::from(top.contains(node));
            }
        }
    });
    found
}

fn broker_stability(held: u32, done: u32, shown: usize) -> Stability {
    stability_of(held, done, &format!("This person stayed among the first {shown}"))
}

fn described(done: u32, sources: usize, n: usize) -> String {
    let routes = if sources < n {
        format!(
            " Shortest routes started from {} of {} people.",
            grouped(sources as u64),
            grouped(n as u64)
        )
    } else {
        String::new()
    };
    format!(
        "{done} resamples of the events (Poisson weights of mean 1). In each, the ties between two \
         groups were held against the random dealings of labels made for the whole data.{routes}"
    )
}
