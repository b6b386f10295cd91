"""The examiner: runs in the teacher's namespace, holds exams as jobs, and writes verdicts where participants read them.

One loop looks at everything about once a second (`look`), decides purely (`decide`) and acts (`act`). All that it knows
is in the cluster, so that it may die at any moment. An exam (`hold`) is a job of its own, which says what came out in
an object of the teacher's namespace; only the loop writes to submissions.
"""
