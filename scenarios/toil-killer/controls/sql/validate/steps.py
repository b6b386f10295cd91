"""The runbook as views: one for each step, one for each reason to ask."""

AUC = """(select (sum(place * label) - sum(label) * (sum(label) + 1) / 2.0) / (sum(label) * sum(1 - label)) from (
  select label, rank() over (order by {score}) + (count(*) over (partition by {score}) - 1) / 2.0 as place
  from {rows}))"""

STEPS = (
    """select 2 as step, null as figure, null as bound, not exists (
         select * from signed left join people using (account) where person is null or gone < day)
       and (select count(distinct person) = 2 and count(distinct team) = 2 from signed join people using (account))
       as passed, 0 as near, 'have it signed by four eyes' as why""",
    """select 3, figure, bound, figure <= bound, 1, 'train it on newer data' from (
         select julianday(fact('submitted')) - julianday(fact('until')) as figure, bound('window_days') as bound)""",
    """select 4, null, null, not exists (
         with recursive above(name) as (select name from inputs
           union select parent from lineage join above using (name))
         select * from above left join registry using (name) where status is null or status = 'forbidden'),
       0, 'leave out what is forbidden'""",
    """select 5, max(abs(score - honest)), 1e-6, max(abs(score - honest)) <= 1e-6, 0, 'hand in scores of this model'
       from rows""",
    f"""select 6, figure, bound, figure >= bound, 1, 'it ranks worse than the champion' from (
         select {AUC.format(score="score", rows="rows")} as figure,
                {AUC.format(score="champion", rows="rows")} - bound('auc_drop') as bound)""",
    """select 7, figure, bound, figure <= bound, 1, 'calibrate it' from (
         select abs(avg(score) - avg(label)) as figure, bound('calibration') as bound from rows)""",
    """select 8, figure, bound, figure >= bound, 1, 'it ranks badly in a segment' from (
         select min(auc) as figure, bound('segment_auc') as bound from (
           select (sum(place * label) - sum(label) * (sum(label) + 1) / 2.0) / (sum(label) * sum(1 - label)) as auc
           from (select segment, label, rank() over (partition by segment order by score)
                   + (count(*) over (partition by segment, score) - 1) / 2.0 as place from rows)
           group by segment having count(*) >= 50))""",
    """select 9, figure, bound, figure >= bound, 1, 'groups get loans unevenly' from (
         select min(rate) / max(rate) as figure, bound('ratio') as bound from (
           select avg(score < bound('cutoff')) as rate from rows group by grp))""",
    """select 10, figure, bound, figure <= bound, 1, 'the scores have moved since training' from (
         select sum((h - r) * ln(h / r)) as figure, bound('psi') as bound from (
           select max(share, 0.001) as r, max((select avg(score >= low and score < high) from rows), 0.001) as h
           from bins))""",
    """select 11, n, bound('inputs'), n <= bound('inputs'), 0, 'use fewer inputs'
       from (select count(*) as n from inputs)""",
    """select 12, null, null, not exists (
         select * from calendar where portfolio in (fact('portfolio'), 'all')
         and fact('golive') between first and last),
       0, 'go live on another day'""",
)

REASONS = """
select 'kind' as reason, fact('kind') as why where fact('kind') <> 'logistic'
union all select 'rows', count(*) || ' rows' from rows having count(*) < 200
union all select 'segment', segment from rows where segment not in (select name from segments)
union all select 'contradiction', what || ': ' || one || ' and ' || other from said where one <> other
union all select 'close', 'step ' || step from results where near and abs(figure - bound) <= 0.02 * bound
union all select 'waiver', 'step ' || step from waivers where step = (select min(step) from results where not passed)
  and fact('day') between first and last
limit 1
"""
