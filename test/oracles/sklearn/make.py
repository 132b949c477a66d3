"""Numbers that the heads and baselines are compared with. Run with /usr/bin/python3 (Debian 12: scikit-learn 1.2.1).

    /usr/bin/python3 test/oracles/sklearn/make.py > test/oracles/sklearn/heads.json
"""
import json
import platform

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

rng = np.random.default_rng(7)
K, D = 4, 6


def draw(n, centres, spread):
    y = np.arange(n) % K
    x = centres[y] + spread * rng.standard_normal((n, D))
    # A bent direction, so that the classes are not linearly separable.
    x[:, 0] += 0.5 * x[:, 1] ** 2
    return x.astype(np.float32), y


centres = 1.2 * rng.standard_normal((K, D))
x, y = draw(80, centres, 1.0)
asked, truth = draw(400, centres, 1.0)

logistic = {}
for penalty in (0.1, 1.0, 10.0):
    m = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10000).fit(x.astype(np.float64), y)
    logistic[str(penalty)] = {
        "probabilities": m.predict_proba(asked[:50].astype(np.float64)).ravel().tolist(),
        # Softmax weights are determined up to nothing here: the penalty centres them.
        "weights": m.coef_.T.ravel().tolist(),
    }

svm = SVC(C=10, gamma="scale", tol=1e-6, decision_function_shape="ovo").fit(x.astype(np.float64), y)
forests = [
    RandomForestClassifier(n_estimators=300, random_state=s).fit(x, y).predict_proba(asked) for s in range(20)
]
print(json.dumps({
    "versions": {"python": platform.python_version(), "numpy": np.__version__, "sklearn": sklearn.__version__},
    "classes": K, "features": D,
    "x": x.ravel().tolist(), "y": y.tolist(), "asked": asked.ravel().tolist(), "truth": truth.tolist(),
    "logistic": logistic,
    "svm": {
        "gamma": 1 / (D * x.astype(np.float64).var()),
        "decision": svm.decision_function(asked.astype(np.float64)).ravel().tolist(),
        "predicted": svm.predict(asked.astype(np.float64)).tolist(),
    },
    "forest": {
        "probabilities": np.mean(forests, axis=0).ravel().tolist(),
        "spread": float(np.mean(np.std(forests, axis=0))),
        "accuracy": {
            "mean": float(np.mean([(f.argmax(1) == truth).mean() for f in forests])),
            "sd": float(np.std([(f.argmax(1) == truth).mean() for f in forests])),
        },
    },
}))
